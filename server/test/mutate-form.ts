import { gzipSync } from 'node:zlib';
import { seededRandom } from '../src/audio/testing/random.ts';

/** A body to send, with the headers that belong to it, or don't. */
export interface MutatedForm {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Part {
  readonly head: readonly string[];
  readonly content: Buffer;
}

type Random = () => number;

const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const oneOf = <T>(random: Random, values: readonly T[]): T => values.at(below(random, values.length))!;

const VALUES = [
  '',
  'ko',
  'en',
  'fr',
  'ses_00000000000000000000000000',
  '../../etc/passwd',
  "'; drop table kiosk_sessions; --",
  '\u0000',
  '콜라 🍔',
  '\uD800',
  'x'.repeat(5_000),
  '{"$ne":null}',
  '-1',
];
const NAMES = [
  'audio_file',
  'file',
  'audio',
  'session_id',
  'kiosk_id',
  'language',
  'sound',
  '',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'n'.repeat(101),
  'n'.repeat(10_000),
  'audio_file[]',
  '오디오',
  'a"b',
  'a\\"; filename="b',
];
const BOUNDARIES = [
  'x',
  'b'.repeat(70),
  'b'.repeat(300),
  '----WebKitFormBoundary7MA4YWxkTrZu0gW',
  "'()+_,-./:=?",
  '한글',
  '',
];

function plainPart(random: Random): Part {
  return {
    head: [`Content-Disposition: form-data; name="${oneOf(random, NAMES)}"`],
    content: Buffer.from(oneOf(random, VALUES)),
  };
}

function filePart(random: Random, sound: Buffer): Part {
  const name = random() < 0.6 ? 'audio_file' : oneOf(random, NAMES);
  const file = oneOf(random, [
    'a.wav',
    '',
    '주문.wav',
    '../../etc/passwd',
    'a\0b.wav',
    'f'.repeat(5_000),
    'a";x="y',
  ]);
  return {
    head: [
      `Content-Disposition: form-data; name="${name}"; filename="${file}"`,
      `Content-Type: ${oneOf(random, ['audio/wav', 'application/octet-stream', '', ';;;', 'multipart/mixed; boundary=y', 'text/plain; charset=utf-7'])}`,
    ],
    content: sound,
  };
}

/** A head that says something else, or nothing. */
function spoilHead(part: Part, random: Random): Part {
  const heads: readonly (readonly string[])[] = [
    [],
    ['Content-Disposition: form-data'],
    ['Content-Disposition: attachment; name="audio_file"'],
    ['content-disposition:form-data;name=audio_file;filename=a.wav'],
    ["Content-Disposition: form-data; name*=utf-8''audio%5Ffile; filename*=utf-8''%ZZ"],
    ['Content-Disposition: form-data; name="audio_file"; name="session_id"'],
    ['no colon in this line', ...part.head],
    [': no name', ...part.head],
    [...part.head, 'Content-Transfer-Encoding: base64'],
    [...part.head, ...part.head],
    [...part.head, ...Array.from({ length: 200 }, (_, at) => `X-${at}: ${at}`)],
    [...part.head, `X-Long: ${'y'.repeat(100_000)}`],
  ];
  return { ...part, head: oneOf(random, heads) };
}

function serialise(parts: readonly Part[], boundary: string, random: Random): Buffer {
  const newline = random() < 0.95 ? '\r\n' : oneOf(random, ['\n', '\r', '']);
  const pieces = parts.flatMap(({ head, content }) => [
    Buffer.from(`--${boundary}${newline}${head.map((line) => line + newline).join('')}${newline}`),
    content,
    Buffer.from(newline),
  ]);
  const end =
    random() < 0.9 ? `--${boundary}--${newline}` : oneOf(random, ['', `--${boundary}`, '--', '\r\n']);
  const before = random() < 0.9 ? '' : oneOf(random, ['preamble\r\n', '\r\n\r\n', `--${boundary}--\r\n`]);
  const after =
    random() < 0.9 ? '' : oneOf(random, ['epilogue', `--${boundary}\r\n\r\nmore`, '\0'.repeat(1_000)]);
  return Buffer.concat([Buffer.from(before), ...pieces, Buffer.from(end + after)]);
}

function damage(body: Buffer, random: Random): Buffer {
  const at = below(random, body.length + 1);
  switch (below(random, 5)) {
    case 0:
      return body.subarray(0, at);
    case 1:
      return Buffer.concat([body.subarray(0, at), body.subarray(at + 1 + below(random, 60))]);
    case 2:
      return Buffer.concat([
        body.subarray(0, at),
        body.subarray(below(random, body.length + 1)),
        body.subarray(at),
      ]);
    case 3:
      return Buffer.concat([body.subarray(0, at), Buffer.from('\r\n--x--\r\n\0'), body.subarray(at)]);
    default: {
      const flipped = Buffer.from(body);
      for (let count = 1 + below(random, 8); count > 0 && flipped.length > 0; count--) {
        // Half of the flips go to the front, where the heads are.
        const place = below(random, random() < 0.5 ? Math.min(300, flipped.length) : flipped.length);
        flipped[place] = below(random, 256);
      }
      return flipped;
    }
  }
}

/** A form with `sound` in it and one to four kinds of damage; the same seed gives the same form. */
export function mutateForm(sound: Buffer, seed: number): MutatedForm {
  const random = seededRandom(seed);
  let boundary = 'xxBOUNDARYxx';
  let contentType: string | null = null;
  let encoding: string | null = null;
  let parts: Part[] = [filePart(random, sound)];
  while (random() < 0.4) parts.splice(below(random, parts.length + 1), 0, plainPart(random));
  let damages = 0;
  for (let count = 1 + below(random, 4); count > 0; count--) {
    switch (below(random, 8)) {
      case 0:
        boundary = oneOf(random, BOUNDARIES);
        break;
      case 1:
        contentType = oneOf(random, [
          'multipart/form-data',
          'multipart/form-data; boundary=',
          'multipart/form-data; boundary=other',
          `multipart/form-data; boundary="${boundary}"; charset=utf-8`,
          'multipart/form-data; boundary="unclosed',
          'multipart/mixed; boundary=xxBOUNDARYxx',
          'application/json',
          'text/plain',
          ';;;',
        ]);
        break;
      case 2:
        parts = parts.map((part) => (random() < 0.5 ? spoilHead(part, random) : part));
        break;
      case 3:
        parts.push(filePart(random, sound));
        break;
      case 4:
        for (let more = below(random, 40); more > 0; more--) parts.push(plainPart(random));
        break;
      case 5:
        encoding = oneOf(random, ['gzip', 'gzip', 'x-gzip', 'br', 'gzip, gzip', 'identity', '']);
        break;
      default:
        damages += 1;
    }
  }
  let body = serialise(parts, boundary, random);
  if (encoding?.endsWith('gzip') === true && random() < 0.7) body = gzipSync(body);
  for (; damages > 0; damages--) body = damage(body, random);
  // What can not stand in a header is not sent: the damage is to be the server's to find.
  const type = (contentType ?? `multipart/form-data; boundary=${boundary}`).replaceAll(/[^\x20-\x7e]/g, '_');
  return {
    headers: { 'content-type': type, ...(encoding === null ? {} : { 'content-encoding': encoding }) },
    body,
  };
}
