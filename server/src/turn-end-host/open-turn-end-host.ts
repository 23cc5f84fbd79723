import type { OpenHostChannel } from '../lib/child-host-channel.ts';
import { forkChannel } from '../lib/child-host-fork.ts';
import type { TurnEndHostPart, TurnEndHostRequest } from '../providers/smart-turn/turn-end-host-protocol.ts';

/** Starts `main` of this folder as a child process, from source or from what was built, as we run ourselves. */
export function openTurnEndHost(): OpenHostChannel<TurnEndHostRequest, TurnEndHostPart> {
  const entry = new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url);
  return forkChannel({ entry });
}
