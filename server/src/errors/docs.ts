import { errorTable } from './table.ts';

/** `docs/errors.md`, made from the table of codes. */
export function errorsPage(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { status, title, remedy }]) => `| \`${code}\` | ${status} | ${title} | ${remedy} |`,
  );
  return `# Errors

<!-- Generated from server/src/errors/table.ts by \`malbeot config --write-docs\`. Do not edit by hand. -->

Every error is an RFC 9457 problem (\`application/problem+json\`) with \`type\`, \`title\`, \`status\`, \`detail\`, \`code\`, \`request_id\` and,
for invalid input, \`errors: [{path, message}]\`. Only the kiosk's turns answer in their own shape, with the code in
\`error_info.details.code\`. \`type\` is \`/docs#CODE\`. Answers with status 429 and 503 carry \`Retry-After\` where the wait is known.

| code | status | title | what to do |
|---|---|---|---|
${rows.join('\n')}
`;
}
