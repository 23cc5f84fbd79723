import { createPrivateKey, X509Certificate } from 'node:crypto';
import { access, constants, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { Config } from '../config/config.ts';
import { localSecretsPath } from '../config/local-secrets.ts';
import type { Told } from '../config/told.ts';
import { freeDiskBytes } from './disk.ts';
import { reasonOf, type DoctorCheck, type Finding } from './doctor.ts';
import { findPortHolder } from './port-holder.ts';

const MIB = 1024 ** 2;
const WARN_FREE_MIB = 1024;
const LEAST_FREE_MIB = 100;
const RENEW_MS = 30 * 24 * 60 * 60_000;

const part = (name: 'node' | 'data' | 'secrets' | 'port' | 'tls'): Told => ({ key: `doctor.part.${name}` });

/** The version of Node that runs this, against the oldest that works. */
export function nodeCheck(version: string, minimum: string): DoctorCheck {
  return {
    part: part('node'),
    run: () => {
      const isOld = compareVersions(version, minimum) < 0;
      const what: Told = { key: isOld ? 'doctor.node.old' : 'doctor.node.ok', values: { version } };
      const action: Told | null = isOld ? { key: 'doctor.node.old.action', values: { minimum } } : null;
      return [{ part: part('node'), status: isOld ? 'fail' : 'ok', what, action }];
    },
  };
}

function compareVersions(left: string, right: string): number {
  const numbers = (text: string) => text.replace(/^v/, '').split('.').map(Number);
  const [a, b] = [numbers(left), numbers(right)];
  const differing = a.findIndex((number, index) => number !== b[index]);
  return differing < 0 ? 0 : a[differing]! - (b[differing] ?? 0);
}

/** Whether the data folder can be written and has room. */
export function dataFolderCheck(folder: string): DoctorCheck {
  return {
    part: part('data'),
    async run() {
      const there = await nearestFolder(folder);
      try {
        await access(there, constants.W_OK | constants.X_OK);
      } catch (error) {
        const values = { folder, reason: (error as NodeJS.ErrnoException).code ?? reasonOf(error) };
        const action: Told = { key: 'doctor.data.unwritable.action' };
        return [
          { part: part('data'), status: 'fail', what: { key: 'doctor.data.unwritable', values }, action },
        ];
      }
      const free = Math.floor((await freeDiskBytes(there)) / MIB);
      if (free < WARN_FREE_MIB) {
        const what: Told = { key: 'doctor.data.full', values: { folder, free } };
        const status = free < LEAST_FREE_MIB ? 'fail' : 'warn';
        return [{ part: part('data'), status, what, action: { key: 'doctor.data.full.action' } }];
      }
      const what: Told =
        there === folder
          ? { key: 'doctor.data.ok', values: { folder, free } }
          : { key: 'doctor.data.absent', values: { folder } };
      return [{ part: part('data'), status: 'ok', what, action: null }];
    },
  };
}

/** `folder`, or the first above it that exists. */
async function nearestFolder(folder: string): Promise<string> {
  const exists = await stat(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  const above = dirname(folder);
  return exists || above === folder ? folder : nearestFolder(above);
}

/** Whether the secrets that the local profile keeps can be read by their owner alone. */
export function secretsCheck(config: Pick<Config, 'profile' | 'data'>): DoctorCheck {
  return {
    part: part('secrets'),
    async run() {
      const found = (
        status: Finding['status'],
        what: Told,
        action: Told | null = null,
      ): readonly Finding[] => [{ part: part('secrets'), status, what, action }];
      if (config.profile !== 'local') return found('ok', { key: 'doctor.secrets.given' });
      const path = localSecretsPath(config.data.folder);
      const mode = await stat(path).then(
        (file) => file.mode,
        () => null,
      );
      if (mode === null) return found('ok', { key: 'doctor.secrets.none' });
      // Windows has no such permissions and always shows them open.
      if ((mode & 0o077) === 0 || process.platform === 'win32')
        return found('ok', { key: 'doctor.secrets.ok' });
      const action: Told = { key: 'doctor.secrets.open.action', values: { path } };
      return found('warn', { key: 'doctor.secrets.open', values: { path } }, action);
    },
  };
}

/** Whether the port is free, and else who holds it. */
export function portCheck({ host, port }: { readonly host: string; readonly port: number }): DoctorCheck {
  return {
    part: part('port'),
    async run() {
      const code = await tryToListen(host, port);
      const values = { host, port: String(port), reason: code ?? '' };
      if (code === null)
        return [
          { part: part('port'), status: 'ok', what: { key: 'doctor.port.free', values }, action: null },
        ];
      if (code !== 'EADDRINUSE') {
        const action: Told = { key: 'doctor.port.refused.action' };
        return [{ part: part('port'), status: 'fail', what: { key: 'doctor.port.refused', values }, action }];
      }
      const holder = await findPortHolder(port);
      const what: Told =
        holder === null
          ? { key: 'doctor.port.taken', values }
          : {
              key: 'doctor.port.held',
              values: { ...values, command: holder.command, pid: String(holder.pid) },
            };
      return [{ part: part('port'), status: 'warn', what, action: { key: 'doctor.port.taken.action' } }];
    },
  };
}

/** Null when it works, else the code of the error. */
function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** Whether the certificate is there, fits its key and is good for a while. */
export function certificateCheck(tls: Config['tls'], now: number): DoctorCheck {
  const values = { certFile: tls.certFile, keyFile: tls.keyFile };
  const found = (status: Finding['status'], what: Told, action: Told | null): readonly Finding[] => [
    { part: part('tls'), status, what, action },
  ];
  return {
    part: part('tls'),
    async run() {
      const [certificate, key] = await Promise.all([readOrNull(tls.certFile), readOrNull(tls.keyFile)]);
      if (certificate === null && key === null && !tls.required) {
        return found('ok', { key: 'doctor.tls.none' }, { key: 'doctor.tls.none.action', values });
      }
      const problem = (reason: Told | string) => ({
        reason,
        action: { key: 'doctor.tls.bad.action', values } as const,
      });
      const bad = ({ reason, action }: ReturnType<typeof problem>): readonly Finding[] =>
        typeof reason === 'string'
          ? found('fail', { key: 'doctor.tls.bad', values: { reason } }, action)
          : found('fail', reason, action);
      if (certificate === null) return bad(problem(`${tls.certFile}: ENOENT`));
      if (key === null) return bad(problem(`${tls.keyFile}: ENOENT`));
      try {
        const parsed = new X509Certificate(certificate);
        if (!parsed.checkPrivateKey(createPrivateKey(key)))
          return bad(problem({ key: 'doctor.tls.mismatch' }));
        return judgeEnd(parsed);
      } catch (error) {
        return bad(problem(reasonOf(error)));
      }
    },
  };

  function judgeEnd(certificate: X509Certificate): readonly Finding[] {
    const end = Date.parse(certificate.validTo);
    const until = new Date(end).toISOString().slice(0, 10);
    const renew: Told = { key: 'doctor.tls.renew.action' };
    if (end <= now) return found('fail', { key: 'doctor.tls.expired', values: { until } }, renew);
    if (end - now < RENEW_MS) return found('warn', { key: 'doctor.tls.soon', values: { until } }, renew);
    const subject = certificate.subjectAltName ?? certificate.subject;
    return found(
      'ok',
      { key: 'doctor.tls.ok', values: { subject: subject.replaceAll('\n', ', '), until } },
      null,
    );
  }
}

async function readOrNull(path: string): Promise<Buffer | null> {
  return readFile(path).catch(() => null);
}
