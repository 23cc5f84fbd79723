/** RFC 9457 problem, the error shape of everything but the kiosk's `ServerResponse`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** SCREAMING_SNAKE, from the table in `docs/errors.md`. */
  readonly code: string;
  readonly request_id: string;
  /** For invalid input: where and what. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}
