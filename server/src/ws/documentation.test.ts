import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createSession } from '../../../client/src/index.ts';
import { clientMessageSchemas } from './client-messages.ts';
import { serverMessageSchemas } from './server-messages.ts';
import { CLOSE_CODES } from './talk-limits.ts';
import { openTalkHouse, SESSION, USER, type TalkHouse } from './testing/talk-house.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const pages = ['talk.md', 'talk.ko.md'].map(
  (name) => [name, readFileSync(`${root}docs/${name}`, 'utf8')] as const,
);

let house: TalkHouse | undefined;
afterEach(() => house?.close());

describe.each(pages)('docs/%s', (_, page) => {
  it('names every message, error and end', () => {
    const errors = serverMessageSchemas.error.shape.code.options;
    for (const type of [
      ...Object.keys(clientMessageSchemas),
      ...Object.keys(serverMessageSchemas),
      ...errors,
    ]) {
      expect(page).toContain(`\`${type}\``);
    }
    for (const code of Object.values(CLOSE_CODES)) expect(page).toContain(`| ${code}`);
  });

  it('has a client that works as it stands', async () => {
    house = await openTalkHouse({ echoes: true });
    const [, program] = /```js\n(.*?)```/s.exec(page)!;
    const code = program!.replace('process.argv[2]', JSON.stringify('오늘 기분이 좋아요'));
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: `${root}server`,
      env: { ...process.env, MALBEOT_SERVER: `http://127.0.0.1:${house.port}` },
    });
    expect(stdout).toBe('오늘 기분이 좋아요\n4 bytes of sound\n');
    expect(house.conversation().asked).toContainEqual({ type: 'played', audioId: 1, ms: 1 });
  });
});

it("the client package's README has a talk that works as it stands", async () => {
  house = await openTalkHouse({ echoes: true });
  const page = readFileSync(`${root}client/README.md`, 'utf8');
  const [, program] = /```javascript\n(.*?)```/s.exec(page)!;
  const source = ['--conditions=malbeot:source', '--import', 'tsx', '--input-type=module'];
  const { stdout } = await run(process.execPath, [...source, '--eval', program!], {
    cwd: `${root}server`,
    env: { ...process.env, MALBEOT_SERVER: `http://127.0.0.1:${house.port}` },
  });
  expect(stdout).toBe('오늘 기분이 좋아요\n2 samples of sound 1\n');
});

it('AsyncAPI describes both directions, and every reference leads somewhere', async () => {
  house = await openTalkHouse();
  const text = (await house.app.inject('/docs/asyncapi.json')).body;
  interface Document {
    readonly channels: { readonly talk: { readonly address: string; readonly messages: object } };
    readonly operations: Readonly<
      Record<'sendTalk' | 'receiveTalk', { readonly messages: readonly object[] }>
    >;
  }
  const document = JSON.parse(text) as Document;
  expect(document.channels.talk.address).toBe('/ws/{user_id}/{session_id}');
  const up = Object.keys(clientMessageSchemas).length + 1;
  const down = Object.keys(serverMessageSchemas).length + 1;
  expect(document.operations.receiveTalk.messages).toHaveLength(up);
  expect(document.operations.sendTalk.messages).toHaveLength(down);
  expect(Object.keys(document.channels.talk.messages)).toHaveLength(up + down);
  for (const [, path] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = path!
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document);
    expect(found, path).toBeTypeOf('object');
  }
});

it('a session is begun by the client', async () => {
  house = await openTalkHouse();
  const session = await createSession({ language: 'ko' }, { baseUrl: `http://127.0.0.1:${house.port}` });
  expect(session).toMatchObject({ session_id: SESSION, user_id: USER, token: 'of-ses_1' });
});
