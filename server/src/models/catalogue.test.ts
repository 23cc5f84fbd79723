import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { downloadBytes, parseCatalogue, readCatalogue } from './catalogue.ts';
import { chooseModel } from './choose-model.ts';
import { modelFamilies, modelFamilyNames } from './model-families.ts';
import { isInnerPath } from './model-path.ts';

describe('the catalogue', () => {
  const catalogue = readCatalogue();

  it('has a model of every family, and Korean ears and voices first', () => {
    expect(new Set(catalogue.map(({ family }) => family))).toEqual(new Set(modelFamilyNames));
    for (const kind of ['ears', 'voice'] as const)
      expect(catalogue.find((model) => model.kind === kind)?.languages[0]).toBe('ko');
  });

  it.each(catalogue.map((model) => [model.id, model] as const))('describes %s well', (_, model) => {
    expect(modelFamilies[model.family].kind).toBe(model.kind);
    expect(model.licence.url).toMatch(/^https:\/\//);
    expect(new Set(model.languages).size).toBe(model.languages.length);
    const paths = Object.values(model.files).map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    const sizes = Object.values(model.files).map(({ size }) => size ?? 0);
    const known = sizes.reduce((sum, size) => sum + size, 0);
    expect(model.approximateBytes).toBeGreaterThanOrEqual(known);
    expect(downloadBytes(model)).toBeGreaterThan(1e6);
    for (const way of model.sources) {
      const names = way.map(({ file }) => file);
      expect(new Set(names).size).toBe(names.length);
      // Whatever comes is checked: as a whole, or file by file.
      for (const { sha256, urls } of way) {
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        for (const url of urls) expect(url).toMatch(/^https:\/\/(github\.com|huggingface\.co)\/[\w./%-]+$/);
      }
      const hasArchive = way.some(({ content }) => content.type === 'archive');
      const single = way.flatMap(({ content }) => (content.type === 'file' ? [content.path] : []));
      if (!hasArchive) expect(single.toSorted()).toEqual(paths.toSorted());
    }
  });

  it.each(['models.md', 'models.ko.md'])('is what docs/%s tells of', (name) => {
    const text = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
    const rows = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    for (const { id, approximateBytes } of catalogue) {
      const row = rows.find((cells) => cells.includes(`\`${id}\``));
      expect(row, id).toContain(`${Math.round(approximateBytes / 1e6)} MB`);
    }
  });

  it('is refused where it is wrong', () => {
    const written = (change: object) => ({
      models: [
        {
          id: 'one',
          name: 'One',
          kind: 'ears',
          family: 'sense-voice',
          languages: ['ko'],
          licence: { name: 'MIT', url: 'https://example.org', nonCommercial: false, restrictions: null },
          size: null,
          approximateBytes: 10,
          files: {
            model: { path: 'm.onnx', size: null, sha256: null },
            tokens: { path: 't.txt', size: 1, sha256: 'a'.repeat(64) },
          },
          folders: {},
          sources: [{ downloads: [{ type: 'files', bases: ['https://example.org/'] }] }],
          ...change,
        },
      ],
    });
    expect(parseCatalogue(written({}))[0]?.sources[0]).toHaveLength(2);
    const wrong = [
      { id: '../one' },
      { kind: 'voice' },
      { family: 'nobody' },
      { files: {} },
      { files: { model: { path: '../m', size: null, sha256: null } } },
      { folders: { dataDir: 'data' } },
      { sources: [{ downloads: [{ type: 'files', bases: ['http://example.org/'] }] }] },
      { extra: 1 },
    ];
    for (const change of wrong)
      expect(() => parseCatalogue(written(change)), JSON.stringify(change)).toThrow();
    const twice = [...written({}).models, ...written({}).models];
    expect(() => parseCatalogue({ models: twice })).toThrow('two models one');
  });
});

it('tells paths within a folder from others', () => {
  for (const path of ['a', 'a/b.c', 'espeak-ng-data/lang/ko', '한글/파일'])
    expect(isInnerPath(path)).toBe(true);
  for (const path of [
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/../b',
    './a',
    'a\\b',
    'C:/a',
    'a\0b',
    'a\nb',
  ])
    expect(isInnerPath(path), path).toBe(false);
});

it('chooses the model that is named, else the best that is there', () => {
  const models = ['c', 'stranger', 'b'].map((id) => ({ id }));
  expect(chooseModel(models, null, ['a', 'b', 'c'])).toEqual({ id: 'b' });
  expect(chooseModel(models, 'c', ['a', 'b', 'c'])).toEqual({ id: 'c' });
  expect(chooseModel(models, 'a', ['a', 'b', 'c'])).toBeNull();
  expect(chooseModel(models, null, [])).toEqual({ id: 'c' });
  expect(chooseModel([], null, ['a'])).toBeNull();
});
