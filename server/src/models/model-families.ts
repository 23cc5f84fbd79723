/** In the order of lists. `turn_end` hears whether somebody who paused has finished. */
export const modelKinds = ['ears', 'voice', 'turn_end'] as const;

/** What a model is for. */
export type ModelKind = (typeof modelKinds)[number];

interface FamilyRoles {
  readonly kind: ModelKind;
  /** Roles of single files that a model of this family must have. */
  readonly files: readonly string[];
  /** Roles of single files that it may have. */
  readonly optionalFiles: readonly string[];
  /** Roles of folders that it may have. */
  readonly folders: readonly string[];
}

const ears = <const Files extends readonly string[]>(...files: Files) =>
  ({ kind: 'ears', files, optionalFiles: [], folders: [] }) as const;

const voice = <const Files extends readonly string[]>(...files: Files) =>
  ({ kind: 'voice', files, optionalFiles: [], folders: [] }) as const;

/** A voice that looks up how words are said. */
const spellingVoice = <const Files extends readonly string[]>(...files: Files) =>
  ({ kind: 'voice', files, optionalFiles: ['lexicon'], folders: ['dataDir'] }) as const;

const turnEnd = <const Files extends readonly string[]>(...files: Files) =>
  ({ kind: 'turn_end', files, optionalFiles: [], folders: [] }) as const;

/** Families of models that can be pulled, and the roles of their files. */
export const modelFamilies = {
  'sense-voice': ears('model', 'tokens'),
  'zipformer-transducer': ears('encoder', 'decoder', 'joiner', 'tokens'),
  'streaming-zipformer': ears('encoder', 'decoder', 'joiner', 'tokens'),
  whisper: ears('encoder', 'decoder', 'tokens'),
  supertonic: voice(
    'durationPredictor',
    'textEncoder',
    'vectorEstimator',
    'vocoder',
    'ttsJson',
    'unicodeIndexer',
    'voiceStyle',
  ),
  vits: spellingVoice('model', 'tokens'),
  kokoro: spellingVoice('model', 'voices', 'tokens'),
  matcha: spellingVoice('acousticModel', 'vocoder', 'tokens'),
  zipvoice: spellingVoice('encoder', 'decoder', 'vocoder', 'tokens'),
  'smart-turn': turnEnd('model'),
} as const satisfies Readonly<Record<string, FamilyRoles>>;

export type ModelFamily = keyof typeof modelFamilies;

export const modelFamilyNames = Object.keys(modelFamilies) as readonly ModelFamily[];

/** What is wrong with these roles for `family`, in words for whoever wrote them; null when they are right. */
export function rolesProblem(
  family: ModelFamily,
  files: readonly string[],
  folders: readonly string[],
): string | null {
  const roles: FamilyRoles = modelFamilies[family];
  const missing = roles.files.find((role) => !files.includes(role));
  if (missing !== undefined) return `${family} needs a file for ${missing}`;
  const known = [...roles.files, ...roles.optionalFiles];
  const strange =
    files.find((role) => !known.includes(role)) ?? folders.find((role) => !roles.folders.includes(role));
  return strange === undefined ? null : `${family} knows no ${strange}`;
}
