import type { ConfigIssue } from '../config/config-error.ts';
import type { SettingInForce } from '../config/load.ts';
import type { Told, Words } from '../config/told.ts';
import type { MigrationState } from '../storage/migrator.ts';
import type { Provider } from '../providers/spec/provider.ts';
import { reasonOf, type DoctorCheck, type Finding } from './doctor.ts';

const settingsPart: Told = { key: 'doctor.part.settings' };

/** Settings that were given though nothing uses them yet, and other warnings about settings. */
export function settingsCheck(loaded: {
  readonly inForce: readonly SettingInForce[];
  readonly warnings: readonly ConfigIssue[];
}): DoctorCheck {
  return {
    part: settingsPart,
    run: () => {
      const unused = loaded.inForce.filter(
        ({ inUse, source }) => !inUse && source !== 'default' && source !== 'made',
      );
      const findings: Finding[] = unused.map(({ name, via }) => ({
        part: settingsPart,
        status: 'warn',
        what: { key: 'doctor.settings.unused', values: { name: via ?? name } },
        action: { key: 'doctor.settings.unused.action' },
      }));
      for (const { told } of loaded.warnings)
        findings.push({ part: settingsPart, status: 'warn', what: told, action: null });
      return findings.length > 0
        ? findings
        : [{ part: settingsPart, status: 'ok', what: { key: 'doctor.settings.ok' }, action: null }];
    },
  };
}

/** Whether the database can be reached, and whether its tables are those of this version. */
export function databaseCheck(database: {
  /** Without its password. */
  readonly shown: string;
  /** Opens it, reads the state of its migrations and closes it again. */
  migrations(signal: AbortSignal): Promise<readonly MigrationState[]>;
}): DoctorCheck {
  const part: Told = { key: 'doctor.part.database' };
  const location = database.shown;
  return {
    part,
    async run(signal) {
      let states: readonly MigrationState[];
      try {
        states = await database.migrations(signal);
      } catch (error) {
        const reason = reasonOf(error);
        // Storage's own errors name the location already.
        const what: Words = reason.includes(location)
          ? reason
          : { key: 'doctor.database.down', values: { location, reason } };
        return [{ part, status: 'fail', what, action: { key: 'doctor.database.down.action' } }];
      }
      const strange = states.filter(({ state }) => state !== 'applied' && state !== 'pending');
      if (strange.length > 0) {
        const names = strange.map(({ name }) => name).join(', ');
        const what: Told = { key: 'doctor.database.ahead', values: { location, names } };
        return [{ part, status: 'fail', what, action: { key: 'doctor.database.ahead.action' } }];
      }
      const count = states.filter(({ state }) => state === 'pending').length;
      if (count > 0) {
        const what: Told = { key: 'doctor.database.pending', values: { location, count } };
        return [{ part, status: 'warn', what, action: { key: 'doctor.database.pending.action' } }];
      }
      return [
        { part, status: 'ok', what: { key: 'doctor.database.ok', values: { location } }, action: null },
      ];
    },
  };
}

/** Whether a package with native code loads on this machine. */
export function nativeModuleCheck(name: string, load: () => Promise<unknown>): DoctorCheck {
  return {
    part: name,
    async run() {
      try {
        await load();
        return [{ part: name, status: 'ok', what: { key: 'doctor.module.ok' }, action: null }];
      } catch (error) {
        const what: Told = { key: 'doctor.module.bad', values: { reason: reasonOf(error) } };
        return [
          { part: name, status: 'fail', what, action: { key: 'doctor.module.bad.action', values: { name } } },
        ];
      }
    },
  };
}

/**
 * Whether a provider can run: asked, loaded, and where `prove` is given, tried. One that is not local is not tried: that would send
 * something, and may cost.
 */
export function providerCheck(options: {
  readonly part: Words;
  readonly provider: Provider;
  /** True when others can take its place: then its failure is only a warning. */
  readonly optional?: boolean;
  /** Uses it once for real; throws when the result is not what it should be. */
  readonly prove?: (signal: AbortSignal) => Promise<void>;
}): DoctorCheck {
  const { part, provider, prove, optional = false } = options;
  const { name, standIn, local } = provider.info;
  const bad = optional ? 'warn' : 'fail';
  return {
    part,
    async run(signal) {
      const availability = provider.availability();
      if (!availability.available) {
        const what: Told = { key: 'doctor.provider.bad', values: { name, reason: availability.reason } };
        return [{ part, status: bad, what, action: availability.action }];
      }
      if (!local) {
        const what: Told = { key: 'doctor.provider.cloud', values: { name } };
        return [{ part, status: 'ok', what, action: null }];
      }
      try {
        await provider.preload?.(signal);
        await prove?.(signal);
      } catch (error) {
        if (signal.aborted) throw error;
        const what: Told = { key: 'doctor.provider.bad', values: { name, reason: reasonOf(error) } };
        return [{ part, status: bad, what, action: { key: 'doctor.provider.bad.action' } }];
      }
      const what: Told = {
        key: standIn ? 'doctor.provider.stand_in' : 'doctor.provider.ok',
        values: { name },
      };
      return [{ part, status: 'ok', what, action: null }];
    },
  };
}

/** A part that was switched off in the settings. */
export function switchedOffCheck(part: Words, setting: string): DoctorCheck {
  return {
    part,
    run: () => [
      { part, status: 'ok', what: { key: 'doctor.provider.off', values: { setting } }, action: null },
    ],
  };
}
