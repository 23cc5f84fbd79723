/** How the command ends, for scripts; listed in `--help`. */
export const exitCodes = {
  /** All went well. */
  done: 0,
  /** The server's answer was a refusal, or no answer could be made. */
  refused: 1,
  /** The command or a setting is wrong. */
  usage: 2,
  /** The server can't be reached. */
  unreachable: 3,
  /** The server does not know this device. */
  notAllowed: 4,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
