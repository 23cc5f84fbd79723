import type { TurnProviders, TurnTimings } from '@malbeot/protocol';
import type { WebMessageKey } from '@malbeot/protocol/messages';
import { useLanguage } from '../language/language.tsx';

interface Step {
  readonly key: WebMessageKey;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The steps of a turn that were taken, each from where the one before it ended. */
export function stepsOf(timings: TurnTimings): readonly Step[] {
  const points = [
    ['web.talk.timings.endpoint', timings.endpoint_ms],
    ['web.talk.timings.final', timings.final_ms],
    ['web.talk.timings.first_token', timings.first_token_ms],
    ['web.talk.timings.first_audio', timings.first_audio_ms],
    ['web.talk.timings.done', timings.done_ms],
  ] as const;
  const steps: Step[] = [];
  let before = 0;
  for (const [key, at] of points) {
    if (at === null) continue;
    const toMs = Math.round(at);
    // A reply that was begun early has its first word before the person's last one is certain.
    steps.push({ key, fromMs: Math.min(before, toMs), toMs });
    before = Math.max(before, toMs);
  }
  return steps;
}

export interface TurnTimingsTableProps {
  readonly timings: TurnTimings;
  readonly providers: TurnProviders | null;
}

/** Where the time of a turn went: a table to read, with a waterfall drawn into it. */
export function TurnTimingsTable({ timings, providers }: TurnTimingsTableProps) {
  const { t } = useLanguage();
  const steps = stepsOf(timings);
  const wholeMs = Math.max(1, ...steps.map(({ toMs }) => toMs));
  const parts =
    providers === null
      ? []
      : [providers.ears, providers.mind, providers.voice].filter((part) => part !== null);
  return (
    <div className="talk-timings">
      <table>
        <caption>{t('web.talk.timings.caption')}</caption>
        <thead>
          <tr className="visually-hidden">
            <th scope="col">{t('web.talk.timings.step')}</th>
            <th scope="col">{t('web.talk.timings.at')}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ key, fromMs, toMs }) => (
            <tr key={key}>
              <th scope="row">{t(key)}</th>
              <td>
                <span className="talk-timings-track" aria-hidden="true">
                  <span
                    className="talk-timings-bar"
                    style={{
                      insetInlineStart: `${(fromMs / wholeMs) * 100}%`,
                      inlineSize: `${((toMs - fromMs) / wholeMs) * 100}%`,
                    }}
                  />
                </span>
                <span className="talk-timings-ms">{t('web.talk.timings.ms', { ms: toMs })}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {timings.speculative ? <p>{t('web.talk.timings.speculative')}</p> : null}
      {parts.length === 0 ? null : <p>{parts.join(' · ')}</p>}
    </div>
  );
}
