import { readFileSync } from 'node:fs';
import { basename } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import {
  modelFamilies,
  modelFamilyNames,
  modelKinds,
  rolesProblem,
  type ModelFamily,
  type ModelKind,
} from './model-families.ts';
import { isInnerPath, MODEL_ID, SHA256 } from './model-path.ts';

/** A file of a model once it is unpacked. */
export interface CatalogueFile {
  /** Within the folder of the model. */
  readonly path: string;
  /** Bytes; null where nobody has published them. */
  readonly size: number | null;
  /** Hexadecimal; null where nobody has published it. */
  readonly sha256: string | null;
}

/** Something to fetch in one go. */
export interface Download {
  /** Its name in a mirror and in an offline folder. */
  readonly file: string;
  /** Addresses of the same bytes, in order of preference. */
  readonly urls: readonly string[];
  readonly size: number | null;
  readonly sha256: string | null;
  readonly content:
    | { readonly type: 'archive'; /** Folders to drop from the front of each path. */ readonly strip: number }
    | { readonly type: 'file'; /** Where it belongs in the folder of the model. */ readonly path: string };
}

export interface Licence {
  /** SPDX where there is such a name. */
  readonly name: string;
  readonly url: string;
  /** True where it, or that of what the model was made from, forbids to earn money with it. */
  readonly nonCommercial: boolean;
  /** What it forbids or asks for, in a sentence or two; null where that is only to keep the notice. */
  readonly restrictions: { readonly ko: string; readonly en: string } | null;
}

/** A model that can be pulled. */
export interface CatalogueModel {
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly kind: ModelKind;
  readonly family: ModelFamily;
  /** Primary subtags, those that matter most here first. */
  readonly languages: readonly string[];
  readonly licence: Licence;
  /** Bytes on the disk; null where they are not known to the byte. */
  readonly size: number | null;
  readonly approximateBytes: number;
  readonly files: Readonly<Record<string, CatalogueFile>>;
  /** Folders by role, within the folder of the model. */
  readonly folders: Readonly<Record<string, string>>;
  /** Ways to get all of it, in order of preference; each is everything that has to be fetched. */
  readonly sources: readonly (readonly Download[])[];
}

const bytes = z.int().min(0);
const sha256 = z.string().regex(SHA256);
const innerPath = z.string().refine(isInnerPath, 'not a path within the folder');
const url = z.url({ protocol: /^https$/ });

const fileSchema = z.strictObject({ path: innerPath, size: bytes.nullable(), sha256: sha256.nullable() });
const downloadSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('archive'),
    file: z.string().regex(/^[\w.-]+\.tar\.bz2$/),
    strip: z.int().min(0).max(3),
    size: bytes.nullable(),
    sha256: sha256.nullable(),
    urls: z.array(url).min(1),
  }),
  z.strictObject({ type: z.literal('file'), path: innerPath, urls: z.array(url).min(1) }),
  /** Every file of the model, each at `base` + path. */
  z.strictObject({ type: z.literal('files'), bases: z.array(url).min(1) }),
]);
const modelSchema = z.strictObject({
  id: z.string().regex(MODEL_ID),
  name: z.string().min(1),
  kind: z.enum(modelKinds),
  family: z.enum(modelFamilyNames),
  languages: z.array(z.string().regex(/^[a-z]{2,3}$/)).min(1),
  licence: z.strictObject({
    name: z.string().min(1),
    url,
    nonCommercial: z.boolean(),
    restrictions: z.strictObject({ ko: z.string().min(1), en: z.string().min(1) }).nullable(),
  }),
  size: bytes.nullable(),
  approximateBytes: bytes.min(1),
  files: z.record(z.string(), fileSchema),
  folders: z.record(z.string(), innerPath),
  sources: z.array(z.strictObject({ downloads: z.array(downloadSchema).min(1) })).min(1),
});
type WrittenModel = z.output<typeof modelSchema>;

/** The same distance from `src` and from `dist`. */
const SHIPPED = fileURLToPath(new URL('../../assets/models.json', import.meta.url));

/** The models of the catalogue, the best of each kind first. Read at every call: only commands and the start ask for it. */
export function readCatalogue(path: string = SHIPPED): readonly CatalogueModel[] {
  return parseCatalogue(JSON.parse(readFileSync(path, 'utf8')));
}

/**
 * Checks a catalogue.
 *
 * @throws {Error} where it is not one; it is shipped, so that is a bug.
 */
export function parseCatalogue(written: unknown): readonly CatalogueModel[] {
  const { models } = z.strictObject({ models: z.array(modelSchema) }).parse(written);
  const twice = models.find(({ id }, index) => models.findIndex((other) => other.id === id) !== index);
  if (twice !== undefined) throw new Error(`models.json has two models ${twice.id}.`);
  return models.map(toModel);
}

function toModel(written: WrittenModel): CatalogueModel {
  const { id, family, kind, files, folders, sources } = written;
  const problem = rolesProblem(family, Object.keys(files), Object.keys(folders));
  if (problem !== null) throw new Error(`models.json, ${id}: ${problem}.`);
  if (modelFamilies[family].kind !== kind) throw new Error(`models.json, ${id}: ${family} is no ${kind}.`);
  return {
    ...written,
    sources: sources.map(({ downloads }) => downloads.flatMap((one) => toDownloads(one, written))),
  };
}

function toDownloads(
  written: WrittenModel['sources'][number]['downloads'][number],
  { id, files, folders }: WrittenModel,
): readonly Download[] {
  const single = ({ path, size, sha256: hash }: CatalogueFile, urls: readonly string[]): Download => ({
    file: basename(path),
    urls,
    size,
    sha256: hash,
    content: { type: 'file', path },
  });
  if (written.type === 'archive') {
    const { type, strip, ...download } = written;
    return [{ ...download, content: { type, strip } }];
  }
  if (written.type === 'file') {
    const file = Object.values(files).find(({ path }) => path === written.path);
    if (file === undefined) throw new Error(`models.json, ${id}: no role has ${written.path}.`);
    return [single(file, written.urls)];
  }
  if (Object.keys(folders).length > 0)
    throw new Error(`models.json, ${id}: a folder can't come as single files.`);
  return Object.values(files).map((file) =>
    single(
      file,
      written.bases.map((base) => `${base}${file.path}`),
    ),
  );
}

/** Bytes that the first way of a model has to fetch, as far as they are known; else about what it takes on the disk. */
export function downloadBytes({ sources: [first], approximateBytes }: CatalogueModel): number {
  const sizes = (first ?? []).map(({ size }) => size);
  return sizes.every((size) => size !== null) ? sizes.reduce((sum, size) => sum + size, 0) : approximateBytes;
}
