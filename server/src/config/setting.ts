import { z } from 'zod';
import type { Field } from './fields.ts';
import type { Told } from './told.ts';

/** Headings of the documentation, in its order. */
export const sections = {
  basics: 'Basics',
  network: 'Network and certificates',
  secrets: 'Secrets',
  storage: 'Database, queue and vectors',
  parts: 'Ears, mind and mouth',
  limits: 'Rate limits',
  kiosk: 'Kiosk',
  talk: 'Companion and realtime talk',
  retention: 'Retention and backup',
  providers: 'Providers',
  alerts: 'Alerts',
} as const;

export type Section = keyof typeof sections;

/** What is known about a setting beside its type; the documentation and the messages are made from it. */
export interface SettingInfo {
  readonly section: Section;
  /** What it means, with its unit. One line, for the documentation. */
  readonly meaning: string;
  readonly allowed: Told;
  /** The default in words, where it isn't a fixed value. */
  readonly defaultText: string;
  /** Older names that are read as well. */
  readonly aliases: readonly string[];
  /** `whole`: never shown. `url`: shown without its password. Both are read from `NAME_FILE` too. */
  readonly secret: 'no' | 'whole' | 'url';
  /** False for a setting that is read and checked but that no part of this version uses yet. */
  readonly inUse: boolean;
  /** The value that the example for Docker sets. */
  readonly dockerExample?: string;
}

type GivenInfo = Pick<SettingInfo, 'section' | 'meaning'> &
  Partial<Pick<SettingInfo, 'aliases' | 'secret' | 'inUse' | 'defaultText' | 'dockerExample'>>;

/** Where the {@link SettingInfo} of each field of the schema is kept. */
export const settingRegistry = z.registry<SettingInfo>();

/** A setting that always has a value. */
export function withDefault<T>(
  field: Field<T>,
  value: NoInfer<T>,
  info: GivenInfo,
): z.ZodDefault<z.ZodType<T>> {
  const schema = field.schema.default(value as never);
  register(schema, field, { defaultText: showDefault(value), ...info });
  return schema;
}

/** A setting that may be absent. */
export function optional<T>(field: Field<T>, info: GivenInfo): z.ZodOptional<z.ZodType<T>> {
  const schema = field.schema.optional();
  register(schema, field, { defaultText: 'none', ...info });
  return schema;
}

function register(schema: z.ZodType, field: Field<unknown>, info: GivenInfo & { defaultText: string }): void {
  settingRegistry.add(schema, { aliases: [], secret: 'no', inUse: true, allowed: field.allowed, ...info });
}

function showDefault(value: unknown): string {
  if (value === true) return 'on';
  if (value === false) return 'off';
  return Array.isArray(value) && value.length === 0 ? 'none' : String(value);
}
