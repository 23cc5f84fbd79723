/** Width and height in pixels. */
export type Size = readonly [width: number, height: number];

/** What a model of OpenAI's draws; null for one that takes any size. */
export function sizesOf(model: string): readonly Size[] | null {
  if (/^(gpt-image|chatgpt-image)/.test(model))
    return [
      [1_024, 1_024],
      [1_536, 1_024],
      [1_024, 1_536],
    ];
  if (model === 'dall-e-3')
    return [
      [1_024, 1_024],
      [1_792, 1_024],
      [1_024, 1_792],
    ];
  if (model === 'dall-e-2')
    return [
      [256, 256],
      [512, 512],
      [1_024, 1_024],
    ];
  return null;
}

/** The one of `sizes` whose shape is nearest to `wanted`; of those alike, the smallest that is not smaller, else the largest. */
export function nearestSize(wanted: Size, sizes: readonly Size[]): Size {
  const shape = ([width, height]: Size) => Math.log(width / height);
  const distance = (size: Size) => Math.abs(shape(size) - shape(wanted));
  const least = Math.min(...sizes.map(distance));
  const alike = sizes.filter((size) => distance(size) - least < 1e-6).sort((a, b) => a[0] - b[0]);
  return alike.find(([width, height]) => width >= wanted[0] && height >= wanted[1]) ?? alike.at(-1)!;
}
