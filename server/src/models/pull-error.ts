import { tell, type Told } from '../config/told.ts';

/** Why a model could not be pulled, in words for the person who wants it. */
export class PullError extends Error {
  override readonly name: string = 'PullError';
  readonly told: readonly Told[];

  constructor(told: Told | readonly Told[], options?: ErrorOptions) {
    const lines = Array.isArray(told) ? (told as readonly Told[]) : [told as Told];
    super(lines.map((line) => tell('en', line)).join('\n'), options);
    this.told = lines;
  }
}

/** Why what was fetched does not make the model. */
export class AssembleError extends PullError {
  /** Names of the downloads at fault. */
  readonly blamed: readonly string[];

  constructor(told: Told, blamed: readonly string[], options?: ErrorOptions) {
    super(told, options);
    this.blamed = blamed;
  }
}

/** Why one address did not give a file. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly told: Told;
  /** Whether the same address may do better at another try. */
  readonly retry: boolean;
  /** True where nobody answered at all. */
  readonly unreachable: boolean;
  /** How long the server asks to wait. */
  readonly waitMs: number;

  constructor(
    told: Told,
    {
      retry = false,
      unreachable = false,
      waitMs = 0,
      cause,
    }: { retry?: boolean; unreachable?: boolean; waitMs?: number; cause?: unknown } = {},
  ) {
    super(tell('en', told), { cause });
    this.told = told;
    this.retry = retry;
    this.unreachable = unreachable;
    this.waitMs = waitMs;
  }
}
