import { normaliseUtterance } from '../../../../language/normalise.ts';
import { foldSpelling } from './fold.ts';
import type { ChoiceRef, Entry } from './meanings.ts';
import type { Reference } from '../words/references.ts';
import type { Role } from '../words/roles.ts';

/** An entry while the lexicon is built. */
export interface MutableEntry {
  name: {
    itemId: string | null;
    choices: ChoiceRef[];
    categoryId: string | null;
    groupIds: string[];
    itemOptions: ChoiceRef[];
    partOf: string[];
    full: boolean;
  } | null;
  roles: Role[];
  number: number | null;
  reference: Reference | null;
  wholeWord: boolean;
}

interface Node {
  readonly next: Map<string, Node>;
  entry: MutableEntry | null;
}

/** What can be found by how it is written. */
export interface Entries {
  /** The entries that begin at `at`, with their lengths; `loose` ones are spelt by ear. `folded` is `compact`, folded. */
  entriesAt(
    compact: string,
    folded: string,
    at: number,
  ): readonly { readonly entry: Entry; readonly length: number; readonly loose: boolean }[];
  /** What exactly this means, spaces and all taken out. */
  find(compact: string): Entry | null;
}

interface EntryIndex extends Entries {
  entryFor(text: string): MutableEntry;
  /** Makes the entries findable by ear too; nothing is added afterwards. */
  seal(): void;
}

/** What is shorter and spelt by ear could be anything; names are likelier than words. */
const SHORTEST_NAME_BY_EAR = 2;
const SHORTEST_WORD_BY_EAR = 3;

/** Entries by their letters, without spaces, exactly and by ear. */
export function createEntryIndex(): EntryIndex {
  const root = newNode();
  const byEar = newNode();
  const written = new Map<string, MutableEntry>();
  return {
    entryFor(text) {
      const { compact } = normaliseUtterance(text);
      let entry = written.get(compact);
      if (entry === undefined) {
        entry = { name: null, roles: [], number: null, reference: null, wholeWord: /[a-z]/.test(compact) };
        written.set(compact, entry);
        nodeFor(root, compact).entry = entry;
      }
      return entry;
    },
    find: (compact) => written.get(compact) ?? null,
    seal() {
      for (const [compact, entry] of written) {
        const shortest = entry.name === null ? SHORTEST_WORD_BY_EAR : SHORTEST_NAME_BY_EAR;
        if (entry.wholeWord || compact.length < shortest) continue;
        const node = nodeFor(byEar, foldSpelling(compact));
        // Two words that sound alike: the one on the menu is meant.
        if (node.entry === null || (node.entry.name === null && entry.name !== null)) node.entry = entry;
      }
    },
    entriesAt(compact, folded, at) {
      const found: { entry: Entry; length: number; loose: boolean }[] = [];
      for (let node: Node | undefined = root, length = 1; at + length <= compact.length; length++) {
        node = node.next.get(compact[at + length - 1]!);
        if (node === undefined) break;
        if (node.entry !== null) found.push({ entry: node.entry, length, loose: false });
      }
      for (let node: Node | undefined = byEar, length = 1; at + length <= folded.length; length++) {
        node = node.next.get(folded[at + length - 1]!);
        if (node === undefined) break;
        const { entry } = node;
        if (entry !== null && !found.some((exact) => exact.length === length))
          found.push({ entry, length, loose: true });
      }
      return found;
    },
  };
}

function newNode(): Node {
  return { next: new Map(), entry: null };
}

function nodeFor(root: Node, compact: string): Node {
  let node = root;
  for (const character of compact) {
    let next = node.next.get(character);
    if (next === undefined) node.next.set(character, (next = newNode()));
    node = next;
  }
  return node;
}
