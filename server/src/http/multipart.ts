import { Busboy, type BusboyConfig, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors/app-error.ts';
import type { Upload, UploadRule } from '../experiences/experience.ts';
import { AbortedError } from '../lib/abort.ts';
import { bodyError, openBody, shorten } from './body.ts';

/** What a body may have besides its file: boundaries, part headers, small fields. */
const OVERHEAD_BYTES = 256 * 1024;
const MAX_FIELDS = 20;
const PARSER_SILENCE_MS = 500;

/**
 * Reads a multipart body part by part and stops as soon as it is too large; nothing is written to disk. `hold` is told
 * the bytes that stay in memory, and says false when the server has no room for them.
 *
 * @throws {AppError} BODY_TOO_LARGE, MALFORMED_BODY (also for a file in a field that the rule does not name),
 * UNSUPPORTED_ENCODING, OVERLOADED.
 */
export function readMultipart(
  request: IncomingMessage,
  rule: UploadRule,
  hold: (bytes: number) => boolean,
): Promise<Upload> {
  const maxBytes = rule.maxFileBytes + OVERHEAD_BYTES;
  const parser = openParser(request, rule);
  const { stream, stop } = openBody(request, maxBytes);
  return new Promise<Upload>((resolve, reject) => {
    const fields: Record<string, string> = Object.create(null) as Record<string, string>;
    let file: Upload['file'] = null;
    let size = 0;
    let settled = false;
    let silence: NodeJS.Timeout | undefined;

    const settle = () => {
      settled = true;
      clearTimeout(silence);
      stream.removeListener('data', onData);
      stream.removeListener('end', onEnd);
      stream.removeListener('close', onClose);
      stop();
    };
    const fail = (error: Error) => {
      if (settled) return;
      settle();
      reject(error);
      parser.destroy();
    };
    /** What a listener throws would end the process; a malformed body is the sender's fault. */
    const guarded = <Given extends unknown[]>(listener: (...given: Given) => void) => {
      return (...given: Given) => {
        try {
          listener(...given);
        } catch (error) {
          fail(malformed('It can not be read.', error));
        }
      };
    };
    const onData = guarded((chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) return fail(fileTooLarge(rule));
      parser.write(chunk);
    });
    const onEnd = guarded(() => {
      // Closing now means nothing more: all has come.
      stream.removeListener('close', onClose);
      parser.end();
      // The parser tells nothing at all about some bodies that end too early.
      silence = setTimeout(() => fail(malformed('It ends before its last boundary.')), PARSER_SILENCE_MS);
    });
    const onClose = () => fail(new AbortedError(new Error('The client left.')));

    parser.on(
      'field',
      guarded((given: string | undefined, text: string | undefined, nameTruncated, valueTruncated) => {
        const [name, value] = [given ?? '', text ?? ''];
        if (name === '') return fail(malformed('A part has no name.'));
        if (nameTruncated) return fail(malformed('A field has a name longer than 100 characters.'));
        if (valueTruncated || Buffer.byteLength(value) > rule.maxFieldBytes) {
          return fail(
            new AppError('BODY_TOO_LARGE', {
              detail: `The field ${shorten(name)} is larger than ${rule.maxFieldBytes} bytes.`,
            }),
          );
        }
        fields[name] = value;
      }),
    );
    parser.on(
      'file',
      guarded((given: string | undefined, part: BusboyFileStream, filename: string | undefined) => {
        const field = given ?? '';
        part.on('error', (error) => fail(malformed(error.message)));
        if (!rule.fileFields.includes(field)) {
          part.resume();
          return fail(
            malformed(
              `A file came in the field ${shorten(field)}; it belongs in ${rule.fileFields.join(', ')}.`,
            ),
          );
        }
        if (file !== null) {
          part.resume();
          return fail(malformed('Two files came; one is accepted.'));
        }
        const chunks = collect(part, rule, hold, fail);
        const started = { field, filename: filename ?? '', bytes: Buffer.alloc(0) };
        file = started;
        part.on('end', () => (started.bytes = Buffer.concat(chunks)));
      }),
    );
    parser.on('partsLimit', () => fail(malformed(`More than ${MAX_FIELDS + 1} parts came.`)));
    parser.on('fieldsLimit', () => fail(malformed(`More than ${MAX_FIELDS} fields came.`)));
    parser.on('filesLimit', () => fail(malformed('Two files came; one is accepted.')));
    parser.on('error', (error) =>
      fail(malformed(error instanceof Error ? error.message : 'It can not be read.')),
    );
    parser.on('finish', () => {
      if (settled) return;
      settle();
      resolve({ fields, file });
    });
    stream.on('data', onData);
    stream.on('end', onEnd);
    stream.on('close', onClose);
    stream.on('error', (error) => fail(bodyError(error)));
  });
}

function collect(
  part: BusboyFileStream,
  rule: UploadRule,
  hold: (bytes: number) => boolean,
  fail: (error: Error) => void,
): Buffer[] {
  const chunks: Buffer[] = [];
  let size = 0;
  part.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > rule.maxFileBytes) return fail(fileTooLarge(rule));
    if (!hold(chunk.length)) {
      return fail(
        new AppError('OVERLOADED', {
          detail: 'Too many uploads are in work. Try again in a second.',
          retryAfterSeconds: 1,
        }),
      );
    }
    chunks.push(chunk);
  });
  part.on('limit', () => fail(fileTooLarge(rule)));
  return chunks;
}

function openParser(request: IncomingMessage, rule: UploadRule): BusboyInstance {
  try {
    return new Busboy({
      headers: request.headers as BusboyConfig['headers'],
      limits: {
        fieldNameSize: 100,
        fieldSize: rule.maxFieldBytes + 1,
        fields: MAX_FIELDS,
        files: 2,
        fileSize: rule.maxFileBytes + 1,
        parts: MAX_FIELDS + 2,
        headerPairs: 50,
      },
    });
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : 'Its boundary is missing.', error);
  }
}

function fileTooLarge(rule: UploadRule): AppError {
  return new AppError('BODY_TOO_LARGE', {
    detail: `The file is larger than ${rule.maxFileBytes} bytes, counted without compression.`,
    fields: { max_bytes: rule.maxFileBytes },
  });
}

function malformed(reason: string, cause?: unknown): AppError {
  return new AppError('MALFORMED_BODY', { detail: `The multipart body can not be read. ${reason}`, cause });
}
