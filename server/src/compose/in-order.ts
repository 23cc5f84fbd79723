/** `all`, those that `first` names before the rest; each group keeps its order. */
export function inOrder<One extends { readonly info: { readonly id: string } }>(
  all: readonly One[],
  first: readonly string[],
): readonly One[] {
  const named = first.flatMap((id) => all.filter(({ info }) => info.id === id));
  return [...named, ...all.filter((one) => !named.includes(one))];
}
