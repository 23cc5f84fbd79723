import type { KioskMenu, KioskMenuItem, KioskOptionGroup } from '@malbeot/protocol';
import { z } from 'zod';
import { AppError, type InputIssue } from '../../errors/app-error.ts';

const id = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_]{0,63}$/,
    'an id is 1 to 64 of a-z, 0-9 and _, beginning with a letter or a digit',
  );
const words = z.string().trim().min(1).max(60);
const won = z.number().int().min(0).max(10_000_000);

const choiceSchema = z.object({
  id,
  name: words,
  name_en: words,
  aliases: z.array(words).max(30).optional(),
  price: won,
});

const groupSchema = z.object({
  name: words,
  name_en: words,
  kind: z.enum(['one', 'many']),
  required: z.boolean().optional(),
  default: id.optional(),
  when: z.record(id, z.array(id).min(1)).optional(),
  choices: z.array(choiceSchema).min(1).max(50),
});

const itemSchema = z.object({
  item_id: id,
  name: words,
  name_en: words,
  aliases: z.array(words).max(30).default([]),
  aliases_en: z.array(words).max(30).default([]),
  category: id,
  price: won,
  options: z.array(id).max(20).default([]),
  allergens: z.array(words).max(30).default([]),
  available: z.boolean().default(true),
  popular: z.boolean().optional(),
  spicy: z.boolean().optional(),
  /** Names of the picture in an icon set; kept, not served. */
  art: z.string().max(200).optional(),
  image_url: z.string().max(500).optional(),
});

/** A menu file: `kiosk-menu.json` and the body of `PUT /api/kiosk/menu`. */
export const menuSchema = z.object({
  currency: z.literal('KRW'),
  art: z.string().max(500).optional(),
  categories: z
    .array(z.object({ id, name: words, name_en: words }))
    .min(1)
    .max(30),
  option_groups: z.record(id, groupSchema),
  items: z.array(itemSchema).min(1).max(500),
});

export type MenuFile = z.infer<typeof menuSchema>;

/** The menu in force, checked, with what is looked up often. */
export interface Menu extends KioskMenu {
  readonly itemsById: ReadonlyMap<string, KioskMenuItem>;
}

/**
 * Checks a menu and makes it ready for use as `version`.
 *
 * @throws {AppError} INVALID_INPUT with one issue per fault, each naming the place, what was given and what is allowed.
 */
export function parseMenu(input: unknown, version: number): Menu {
  const parsed = menuSchema.safeParse(input);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    throw invalidMenu(issues);
  }
  const file = parsed.data;
  const issues = [...crossCheck(file)];
  if (issues.length > 0) throw invalidMenu(issues);
  const items = file.items.map(toMenuItem);
  return {
    version,
    currency: file.currency,
    categories: file.categories,
    option_groups: file.option_groups as Readonly<Record<string, KioskOptionGroup>>,
    items,
    itemsById: new Map(items.map((item) => [item.item_id, item])),
  };
}

/** The menu as `GET /api/kiosk/menu` gives it. */
export function toWireMenu({ version, currency, categories, option_groups, items }: Menu): KioskMenu {
  return { version, currency, categories, option_groups, items };
}

function toMenuItem(item: MenuFile['items'][number]): KioskMenuItem {
  const { art: _art, popular, spicy, image_url, ...rest } = item;
  return {
    ...rest,
    ...(popular === undefined ? {} : { popular }),
    ...(spicy === undefined ? {} : { spicy }),
    image_url: image_url ?? `/menu/${item.item_id}.svg`,
  };
}

function invalidMenu(issues: readonly InputIssue[]): AppError {
  const first = issues[0]!;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new AppError('INVALID_INPUT', {
    detail: `The menu is not valid: ${first.path}: ${first.message}${more}.`,
    issues,
  });
}

function* crossCheck(menu: MenuFile): Generator<InputIssue> {
  yield* duplicates(
    menu.categories.map((category) => category.id),
    'categories',
    'id',
  );
  yield* duplicates(
    menu.items.map((item) => item.item_id),
    'items',
    'item_id',
  );
  const categories = new Set(menu.categories.map((category) => category.id));
  for (const [groupId, group] of Object.entries(menu.option_groups)) {
    const path = `option_groups.${groupId}`;
    yield* duplicates(
      group.choices.map((choice) => choice.id),
      `${path}.choices`,
      'id',
    );
    yield* checkGroup(menu, group, path);
  }
  for (const [at, item] of menu.items.entries()) {
    if (!categories.has(item.category)) {
      yield {
        path: `items.${at}.category`,
        message: `there is no category "${item.category}"; there are ${list(categories)}`,
      };
    }
    yield* checkOptions(menu, item, at);
  }
}

function* checkGroup(
  menu: MenuFile,
  group: MenuFile['option_groups'][string],
  path: string,
): Generator<InputIssue> {
  const choices = new Set(group.choices.map((choice) => choice.id));
  if (group.default !== undefined && !choices.has(group.default)) {
    yield {
      path: `${path}.default`,
      message: `there is no choice "${group.default}"; there are ${list(choices)}`,
    };
  }
  if (group.default !== undefined && group.required === true) {
    yield {
      path: `${path}.required`,
      message: 'a group with a default is never asked for; leave out one of the two',
    };
  }
  if (group.kind === 'many' && (group.default !== undefined || group.required === true)) {
    yield { path, message: 'a group of kind "many" has neither a default nor "required"' };
  }
  for (const [otherId, wanted] of Object.entries(group.when ?? {})) {
    const other = menu.option_groups[otherId];
    if (other === undefined) {
      yield { path: `${path}.when.${otherId}`, message: `there is no option group "${otherId}"` };
      continue;
    }
    const known = new Set(other.choices.map((choice) => choice.id));
    for (const choice of wanted) {
      if (!known.has(choice)) {
        yield {
          path: `${path}.when.${otherId}`,
          message: `there is no choice "${choice}"; there are ${list(known)}`,
        };
      }
    }
  }
}

function* checkOptions(menu: MenuFile, item: MenuFile['items'][number], at: number): Generator<InputIssue> {
  yield* duplicates(item.options, `items.${at}.options`, '');
  const seen = new Set<string>();
  for (const [index, groupId] of item.options.entries()) {
    const path = `items.${at}.options.${index}`;
    const group = menu.option_groups[groupId];
    if (group === undefined) {
      yield {
        path,
        message: `there is no option group "${groupId}"; there are ${list(Object.keys(menu.option_groups))}`,
      };
      continue;
    }
    for (const needed of Object.keys(group.when ?? {})) {
      if (!seen.has(needed)) {
        yield {
          path,
          message: `"${groupId}" depends on "${needed}", which has to stand before it in the options`,
        };
      }
    }
    seen.add(groupId);
  }
}

function* duplicates(ids: readonly string[], path: string, field: string): Generator<InputIssue> {
  const first = new Map<string, number>();
  for (const [at, value] of ids.entries()) {
    const before = first.get(value);
    if (before === undefined) first.set(value, at);
    else {
      yield {
        path: [path, at, field].filter((part) => part !== '').join('.'),
        message: `"${value}" is already at ${path}.${before}`,
      };
    }
  }
}

function list(values: Iterable<string>): string {
  return [...values].map((value) => `"${value}"`).join(', ');
}
