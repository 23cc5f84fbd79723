/**
 * What was heard, with the spaces that its tokens begin with. The library takes every space out that stands between two
 * Korean syllables, as between Chinese characters; Korean needs them. Where the tokens do not spell the same letters as
 * `text`, as those of models on bytes, `text` is the answer.
 */
export function spellTokens(text: string, tokens: readonly string[]): string {
  const spelled = tokens.join('');
  return withoutSpace(spelled) === withoutSpace(text) ? spelled.trim() : text.trim();
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}
