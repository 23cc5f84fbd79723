import { sections, type Section, type SettingInfo } from './setting.ts';
import { settingInfo, settingNames, type SettingName } from './schema.ts';
import { tell } from './told.ts';

/** A generated file: path from the root of the repository, and text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Everything in the repository that is made from the schema. A test holds the files and this together. */
export function configFiles(): readonly GeneratedFile[] {
  return [
    { path: '.env.example', text: exampleEnvironment('plain') },
    { path: 'deploy/docker.env.example', text: exampleEnvironment('docker') },
    { path: 'docs/configuration.md', text: configurationPage() },
  ];
}

function inSection(section: Section): readonly (readonly [SettingName, SettingInfo])[] {
  return settingNames
    .map((name) => [name, settingInfo(name)] as const)
    .filter(([, info]) => info.section === section);
}

const sectionIds = Object.keys(sections) as readonly Section[];

const plainHead = `# Settings of Malbeot. Copy to .env and uncomment what should differ; everything has a default.
# 말벗의 설정이에요. .env로 복사하고 바꿀 줄만 주석(#)을 지우세요. 모두 기본값이 있어요.
# Stronger sources win: defaults < malbeot.config.json < .env < environment < flags.
# \`malbeot config\` shows what is in force and where it comes from. All of it: docs/configuration.md`;

const dockerHead = `# Settings of Malbeot in a container. Copy to docker.env and fill in the two secrets:
# 컨테이너용 설정이에요. docker.env로 복사하고 비밀값 두 개를 채우세요:
#   openssl rand -base64 32
# Weak or missing secrets stop the start. All of it: docs/configuration.md`;

const dockerRequired: ReadonlySet<SettingName> = new Set(['MALBEOT_SECRET', 'MALBEOT_ENCRYPTION_KEY']);

function exampleEnvironment(kind: 'plain' | 'docker'): string {
  const blocks = sectionIds.map((section) => {
    const lines = inSection(section).flatMap(([name, info]) => [
      `# ${plain(info.meaning)}${info.inUse ? '' : ' (Not used by this version yet.)'}`,
      exampleLine(name, info, kind),
    ]);
    return [`# --- ${sections[section]} ---`, ...lines].join('\n');
  });
  return `${[kind === 'plain' ? plainHead : dockerHead, ...blocks].join('\n\n')}\n`;
}

function exampleLine(name: SettingName, info: SettingInfo, kind: 'plain' | 'docker'): string {
  if (kind === 'docker' && info.dockerExample !== undefined) return `${name}=${info.dockerExample}`;
  if (kind === 'docker' && dockerRequired.has(name)) return `${name}=`;
  return `# ${name}=${/\s|^none$/.test(info.defaultText) ? '' : plain(info.defaultText)}`;
}

function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}

const pageHead = `# Configuration

<!-- Generated from server/src/config/schema.ts by \`malbeot config --write-docs\`. Do not edit by hand. -->

Settings come from five sources; a stronger one wins over a weaker one:

1. defaults
2. \`malbeot.config.json\` in the folder of the start: one JSON object with the names below. An unknown name is an error.
3. \`.env\` in the same folder
4. the environment
5. flags: \`--port\`, \`--host\`, \`--data\`, \`--profile\`, \`--log-level\`, and \`--set NAME=VALUE\` for any other

\`malbeot config\` prints what is in force and where each value came from, with secrets masked. A wrong value stops the
start; the message names every wrong setting, what was given and what is allowed. An empty value counts as not given.

Every secret, marked 🔑, is also read from a file: \`NAME_FILE=/run/secrets/name\`. In the local profile \`MALBEOT_SECRET\`,
\`MALBEOT_ENCRYPTION_KEY\` and one API key are made at the first start and kept in \`secrets.json\` in the data folder (mode 0600).
The docker and production profiles refuse weak or missing ones (production needs \`MALBEOT_API_KEYS\` too, and a database
password that is not a well-known one), and neither lets \`RATE_LIMIT\` be switched off.

Settings marked ◌ are read and checked, but no part of this version uses them yet; \`malbeot config\` and \`malbeot doctor\` say so too.
`;

const pageTail = `## Exit codes of the commands

| code | meaning |
|---|---|
| 0 | done |
| 1 | it did not work: the message says why. \`doctor\`: something has to be repaired. \`models verify\`: a file is not what it should be |
| 2 | the command was called in a way it does not know, or it is not in this version yet |
| 3 | the settings are wrong: the message names each |
`;

function configurationPage(): string {
  const tables = sectionIds.map((section) => {
    const rows = inSection(section).map(([name, info]) => row(name, info));
    return [
      `## ${sections[section]}`,
      '',
      '| name | meaning | default | allowed |',
      '|---|---|---|---|',
      ...rows,
      '',
    ].join('\n');
  });
  return [pageHead, ...tables, pageTail].join('\n');
}

function row(name: SettingName, info: SettingInfo): string {
  const marks = `${info.secret === 'no' ? '' : ' 🔑'}${info.inUse ? '' : ' ◌'}`;
  const aliases =
    info.aliases.length === 0
      ? ''
      : ` Also read from ${info.aliases.map((alias) => `\`${alias}\``).join(', ')}.`;
  const shown = /\s|`|^none$/.test(info.defaultText) ? info.defaultText : `\`${info.defaultText}\``;
  return `| \`${name}\`${marks} | ${info.meaning}${aliases} | ${shown} | ${tell('en', info.allowed)} |`;
}
