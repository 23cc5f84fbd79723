import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { configFiles, type GeneratedFile } from '../config/docs.ts';
import { errorsPage } from '../errors/docs.ts';

/** The files of the repository that are made from tables in the code. Tests hold both together. */
export function generatedFiles(): readonly GeneratedFile[] {
  return [...configFiles(), { path: 'docs/errors.md', text: errorsPage() }];
}

/** Writes {@link generatedFiles} below `root`, the folder of the repository; answers their paths. */
export async function writeGeneratedFiles(root: string): Promise<readonly string[]> {
  const files = generatedFiles();
  for (const { path, text } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return files.map(({ path }) => path);
}
