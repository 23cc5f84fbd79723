import { createSentenceCutter } from '../../language/sentences.ts';

/** Text in as few pieces of at most `most` characters as whole sentences allow; a longer sentence is cut between words. */
export function cutSpeech(text: string, most: number): readonly string[] {
  if (text.length <= most) return [text];
  const cutter = createSentenceCutter({ early: false });
  const pieces: string[] = [];
  let piece = '';
  for (const sentence of [...cutter.push(text), ...cutter.flush()].flatMap((whole) => cutLong(whole, most))) {
    const longer = piece === '' ? sentence : `${piece} ${sentence}`;
    if (longer.length > most) pieces.push(piece);
    piece = longer.length > most ? sentence : longer;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

function cutLong(sentence: string, most: number): readonly string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > most) {
    const space = rest.lastIndexOf(' ', most);
    const isInPair = /[\ud800-\udbff]/.test(rest[most - 1]!);
    const end = space > 0 ? space : isInPair ? most - 1 : most;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? pieces : [...pieces, rest];
}
