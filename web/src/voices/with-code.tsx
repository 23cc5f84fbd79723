/** Words in which what stands between backticks is typed as it is. */
export function WithCode({ text }: { readonly text: string }) {
  return text
    .split('`')
    .map((piece, index) =>
      index % 2 === 1 ? <code key={index}>{piece}</code> : <span key={index}>{piece}</span>,
    );
}
