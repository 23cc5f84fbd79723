/** Runs work one piece after the other, in the order in which it was asked for. */
export type OneAtATime = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A turn ends when its work settles; that it failed is for whoever asked for it. */
export function createOneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
}
