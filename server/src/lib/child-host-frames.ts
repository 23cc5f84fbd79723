import { spawn } from 'node:child_process';

import type { FromChild, OpenHostChannel, ToChild } from './child-host-channel.ts';
import { childEnvironment, watchChild } from './child-host-process.ts';

/** A frame: u32 length of the payload (big-endian), u8 kind, payload. */
export interface Frame {
  readonly kind: number;
  readonly payload: Buffer;
}

const HEADER_BYTES = 5;

export interface FrameChannelOptions<Request, Part> {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Largest payload that the child may send, in bytes; a larger one ends the child. */
  readonly maxPayloadBytes?: number;
  readonly encode: (message: ToChild<Request>) => Frame;
  /** Undefined for a frame that says nothing to us. Throwing ends the child. */
  readonly decode: (frame: Frame) => FromChild<Part> | undefined;
}

/** A channel to any program over frames on its standard input and output. */
export function frameChannel<Request, Part>({
  command,
  args,
  env,
  maxPayloadBytes = 1024 * 1024,
  encode,
  decode,
}: FrameChannelOptions<Request, Part>): OpenHostChannel<Request, Part> {
  return (events) => {
    const child = spawn(command, args, { env: childEnvironment(env), stdio: ['pipe', 'pipe', 'pipe'] });
    let broken: string | undefined;
    const breakOff = (reason: string) => {
      broken ??= reason;
      child.kill('SIGKILL');
    };
    const read = createFrameReader(maxPayloadBytes, (frame) => {
      const message = decode(frame);
      if (message !== undefined) events.message(message);
    });
    child.stdout.on('data', (bytes: Buffer) => {
      if (broken !== undefined) return;
      try {
        read(bytes);
      } catch (error) {
        breakOff(
          `answered in a way that can not be read: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    });
    // Writing to a child that is gone fails here; its end is what tells of it.
    child.stdin.on('error', () => {});
    watchChild(child, (reason, stderr) => events.closed(broken ?? reason, stderr));
    return {
      pid: child.pid,
      send: (message) => {
        if (child.stdin.writable) child.stdin.write(encodeFrame(encode(message)));
      },
      end: () => void child.stdin.end(),
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

function encodeFrame({ kind, payload }: Frame): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  frame.writeUInt32BE(payload.length, 0);
  frame[4] = kind;
  payload.copy(frame, HEADER_BYTES);
  return frame;
}

/**
 * Cuts bytes into frames. A payload is a view into the bytes that came; who keeps it copies it.
 *
 * @throws {RangeError} from the returned function, for a payload over the limit.
 */
export function createFrameReader(
  maxPayloadBytes: number,
  onFrame: (frame: Frame) => void,
): (bytes: Buffer) => void {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let needed = HEADER_BYTES;
  return (bytes) => {
    held.push(bytes);
    heldBytes += bytes.length;
    if (heldBytes < needed) return;
    let all = held.length === 1 ? bytes : Buffer.concat(held, heldBytes);
    while (all.length >= HEADER_BYTES) {
      const length = all.readUInt32BE(0);
      if (length > maxPayloadBytes)
        throw new RangeError(`a payload of ${length} bytes, ${maxPayloadBytes} are allowed`);
      needed = HEADER_BYTES + length;
      if (all.length < needed) break;
      onFrame({ kind: all[4]!, payload: all.subarray(HEADER_BYTES, needed) });
      all = all.subarray(needed);
      needed = HEADER_BYTES;
    }
    held = all.length === 0 ? [] : [all];
    heldBytes = all.length;
  };
}
