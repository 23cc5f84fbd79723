import type { ServerMessages } from '@malbeot/protocol';
import { isWebMessageKey } from '@malbeot/protocol/messages';
import { Link } from 'wouter';
import { Icon } from '../../components/icon.tsx';
import { useLanguage, type LanguageChoice } from '../../language/language.tsx';
import { providerName } from '../../voices/provider-words.ts';

const parts = ['ears', 'mind', 'voice', 'vad'] as const;

/** What hears, thinks and speaks in this conversation, for who wants to know. */
export function Parts({ server }: { readonly server: ServerMessages['ready'] }) {
  const { t } = useLanguage();
  return (
    <details className="companion-parts">
      <summary className="button button-quiet">
        <Icon name="ear" />
        <span className="companion-parts-name">{t('web.companion.parts')}</span>
      </summary>
      <div className="companion-parts-card">
        <dl>
          {parts.map((part) => {
            const id = server.providers[part];
            return (
              <div key={part}>
                <dt>{t(`web.companion.part.${part}`)}</dt>
                <dd>{id === null ? t('web.companion.part.none') : partName(id, t)}</dd>
              </div>
            );
          })}
        </dl>
        <Link href="/voices">{t('web.companion.parts.link')}</Link>
      </div>
    </details>
  );
}

/** A part's own name; of a dialogue that asks a model, the model's. */
function partName(id: string, t: LanguageChoice['t']): string {
  const key = `web.companion.part.name.${id}`;
  if (isWebMessageKey(key)) return t(key);
  const [, model] = id.split('rules+');
  return model ?? providerName({ id, name: id }, t);
}
