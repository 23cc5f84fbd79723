// Draws docs/images/terminal-kiosk.svg: the terminal kiosk after a short conversation with a running server.
//   node --conditions=malbeot:source --import tsx client/scripts/draw-terminal.mjs http://localhost:8080
import { writeFile } from 'node:fs/promises';

import { parseInput } from '../src/terminal/input.ts';
import { createKioskEngine } from '../src/terminal/engine.ts';
import { startState } from '../src/terminal/kiosk-state.ts';
import { createKioskStore } from '../src/terminal/kiosk-store.ts';
import { layout } from '../src/terminal/screens/layout.ts';
import { widthOf } from '../src/terminal/text-width.ts';
import { VoiceClient } from '../src/voice-client.ts';

const [server = 'http://localhost:8080', language = 'ko', file = '../../docs/images/terminal-kiosk.svg'] =
  process.argv.slice(2);
const size = { columns: 100, rows: 29 };
const conversation = {
  ko: ['불고기버거 세트 둘, 하나는 양파 빼고 주세요', '아메리카노도 하나 포장이요', '2'],
  en: ['two bulgogi burger sets, please', 'and an americano to go', '2'],
};
const cell = { width: 8.4, height: 18, baseline: 13.5 };
const margin = 16;
const background = '#14171c';
const colours = {
  plain: '#d9dde4',
  title: '#5ccfe6',
  strong: '#ffffff',
  faint: '#8b94a3',
  number: '#ffd166',
  fresh: '#8fe388',
  good: '#8fe388',
  problem: '#ff7b72',
  customer: '#7fd4ff',
  frame: '#6b7688',
};
const bold = new Set(['title', 'strong', 'number', 'fresh', 'problem']);

const client = new VoiceClient({ baseUrl: server, language });
const store = createKioskStore(
  startState({ language, server: 'http://localhost:8080', kioskId: null, voice: false }),
);
const nothing = { canPlay: false, canRecord: false };
const engine = createKioskEngine({ client, store, player: nothing, recorder: nothing });
await engine.connect();
for (const line of conversation[language]) await engine.perform(parseInput(line, store.state));
await writeFile(new URL(file, import.meta.url), toSvg(layout(store.state, size).lines));
await engine.close();

function toSvg(lines) {
  const width = Math.ceil(size.columns * cell.width + 2 * margin);
  const height = size.rows * cell.height + 2 * margin;
  const drawn = lines.flatMap((line, row) => drawLine(line, row));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<rect width="${width}" height="${height}" rx="10" fill="${background}"/>`,
    `<g font-family="D2Coding, 'Noto Sans Mono CJK KR', ui-monospace, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">`,
    ...drawn,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Each word at its column, as wide as its columns: whatever font is there, everything stays in line. */
function drawLine(line, row) {
  const y = margin + row * cell.height;
  const parts = [];
  let column = 0;
  for (const { text, look } of line) {
    const columns = widthOf(text);
    if (look === 'bar') {
      const x = margin + column * cell.width;
      parts.push(
        `<rect x="${round(x)}" y="${y}" width="${round(columns * cell.width + 0.5)}" height="${cell.height}" fill="${colours.plain}"/>`,
      );
    }
    for (const { 0: word, index } of text.matchAll(/\S+/g)) {
      parts.push(drawWord(word, look, column + widthOf(text.slice(0, index)), y));
    }
    column += columns;
  }
  return parts;
}

function drawWord(word, look, column, y) {
  const x = round(margin + column * cell.width);
  const length = round(widthOf(word) * cell.width);
  const fill = look === 'bar' ? background : colours[look];
  const weight = bold.has(look) ? ' font-weight="700"' : '';
  const safe = word.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y + cell.baseline}" fill="${fill}"${weight} textLength="${length}" lengthAdjust="spacingAndGlyphs">${safe}</text>`;
}

function round(value) {
  return Number(value.toFixed(1));
}
