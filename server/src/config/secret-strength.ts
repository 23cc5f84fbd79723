const placeholder =
  /change.?(me|it)|your.?(secret|key|password)|example|placeholder|password|passw0rd|insecure|dummy|secret/i;

/** True for text that has the length and the variety of something random, and does not look like a placeholder. */
export function isStrongSecret(text: string): boolean {
  return text.length >= 32 && new Set(text).size >= 10 && !placeholder.test(text);
}

const wellKnownPasswords = new Set([
  '',
  '1234',
  '12345',
  '123456',
  '12345678',
  '123456789',
  'admin',
  'changeit',
  'changeme',
  'default',
  'guest',
  'letmein',
  'malbeot',
  'mariadb',
  'mysql',
  'pass',
  'passw0rd',
  'password',
  'postgres',
  'qwerty',
  'root',
  'secret',
  'test',
  'toor',
  'user',
]);

/** True for a database password that anybody would try first. */
export function isWellKnownPassword(text: string): boolean {
  return wellKnownPasswords.has(text.toLowerCase()) || /change.?me/i.test(text);
}
