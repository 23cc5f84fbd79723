import type { Messages } from './message-table.ts';

/** What the settings say of themselves, and of a value that is not allowed. */
export const settingMessages = {
  'setting.allowed.one_of': { ko: '{choices} 중 하나', en: 'one of {choices}' },
  'setting.allowed.on_off': {
    ko: 'on 또는 off (true/false, yes/no, 1/0도 돼요)',
    en: 'on or off (also true/false, yes/no, 1/0)',
  },
  'setting.allowed.whole_number': {
    ko: '{min}부터 {max}까지의 정수',
    en: 'a whole number from {min} to {max}',
  },
  'setting.allowed.bytes': {
    ko: '{min}부터 {max}까지의 크기 (예: 256MB, 1GB)',
    en: 'a size from {min} to {max} (for example 256MB, 1GB)',
  },
  'setting.allowed.text': { ko: '글자 {min}~{max}자', en: '{min} to {max} characters' },
  'setting.allowed.path': { ko: '파일이나 폴더의 경로', en: 'the path of a file or folder' },
  'setting.allowed.file_name': { ko: '폴더 없이 파일 이름만', en: 'a file name without folders' },
  'setting.allowed.host': { ko: '호스트 이름이나 IP 주소', en: 'a host name or an IP address' },
  'setting.allowed.url': { ko: '{schemes} 주소', en: 'a URL that starts with {schemes}' },
  'setting.allowed.database_url': {
    ko: 'sqlite:경로, postgres://사용자:비밀번호@호스트:5432/이름, mariadb://사용자:비밀번호@호스트:3306/이름 (mysql://도 돼요)',
    en: 'sqlite:PATH, postgres://USER:PASSWORD@HOST:5432/NAME or mariadb://USER:PASSWORD@HOST:3306/NAME (also mysql://)',
  },
  'setting.allowed.origins': {
    ko: '쉼표로 나눈 출처 (예: https://shop.example.com), 경로와 * 없이',
    en: 'origins separated by commas (such as https://shop.example.com), without paths and without *',
  },
  'setting.allowed.trust_proxy': {
    ko: 'off, on, 앞에 있는 프록시의 수 (1~10), 또는 쉼표로 나눈 프록시의 IP 주소나 대역',
    en: 'off, on, the number of proxies in front (1 to 10), or their addresses or CIDR ranges separated by commas',
  },
  'setting.allowed.time': { ko: '00:00부터 23:59까지의 시각', en: 'a time of day from 00:00 to 23:59' },
  'setting.allowed.some_of': {
    ko: '{choices} 중에서, 쉼표로 나누어',
    en: 'some of {choices}, separated by commas',
  },
  'setting.allowed.names': {
    ko: '쉼표로 나눈 짧은 이름(영문자, 숫자, -, _)',
    en: 'short names separated by commas (letters, digits, - and _)',
  },
  'setting.allowed.email': { ko: '쉼표로 나눈 이메일 주소', en: 'e-mail addresses separated by commas' },
  'setting.allowed.encryption_key': {
    ko: '무작위 32바이트를 base64나 16진수로 쓴 값 (openssl rand -base64 32)',
    en: '32 random bytes as base64 or hexadecimal (openssl rand -base64 32)',
  },
  'setting.allowed.api_keys': {
    ko: '쉼표로 나눈 열쇠, 각각 글자·숫자·-_.~+/= 16~256자, 앞에 "이름:"을 붙일 수 있어요',
    en: 'keys separated by commas, each 16 to 256 letters, digits or -_.~+/=, with "name:" in front if wanted',
  },
  'setting.allowed.strong_secret': {
    ko: '무작위로 만든 32자 이상의 값 (openssl rand -base64 32)',
    en: '32 or more random characters (openssl rand -base64 32)',
  },
  'setting.allowed.strong_password': {
    ko: '쉽게 짐작할 수 없는 비밀번호',
    en: 'a password that is not a well-known one',
  },
  'setting.allowed.limits_outside_local': {
    ko: 'local 프로필 밖에서는 on',
    en: 'on, in every profile but local',
  },
  'setting.allowed.both_tls': {
    ko: 'TLS_CERT_FILE과 TLS_KEY_FILE을 함께',
    en: 'TLS_CERT_FILE and TLS_KEY_FILE together',
  },
  'setting.allowed.json_object': {
    ko: '설정 이름과 값을 담은 JSON 객체',
    en: 'a JSON object of setting names and values',
  },
  'setting.allowed.nearest': { ko: '혹시 {nearest}인가요?', en: 'did you mean {nearest}?' },
  'setting.allowed.known': {
    ko: 'docs/configuration.md에 쓸 수 있는 이름이 모두 있어요.',
    en: 'docs/configuration.md lists the known ones',
  },

  'setting.source.default': { ko: '기본값', en: 'default' },
  'setting.source.made': { ko: '처음 시작할 때 만듦', en: 'made at first start' },
  'setting.source.config-file': { ko: 'malbeot.config.json', en: 'malbeot.config.json' },
  'setting.source.env-file': { ko: '.env', en: '.env' },
  'setting.source.environment': { ko: '환경 변수', en: 'environment' },
  'setting.source.flag': { ko: '명령 옵션', en: 'flag' },

  'setting.wrong': {
    ko: '{name} ({source}): 받은 값 {given}. 쓸 수 있는 값: {allowed}.',
    en: '{name} ({source}): given {given}. Allowed: {allowed}.',
  },
  'setting.missing': {
    ko: '{name}: {profile} 프로필에는 꼭 있어야 해요. 쓸 수 있는 값: {allowed}. {name}_FILE로 파일을 가리켜도 돼요.',
    en: '{name}: needed in the {profile} profile. Allowed: {allowed}. {name}_FILE may name a file instead.',
  },
  'setting.unknown': {
    ko: '{name} ({source}): 모르는 이름이에요. {allowed}',
    en: '{name} ({source}): an unknown name; {allowed}',
  },
  'setting.unread_file': {
    ko: '{name} ({source}): 파일 {given}을 읽을 수 없어요.',
    en: '{name} ({source}): the file {given} can not be read.',
  },
  'setting.twice': {
    ko: '{name} ({source}): {file}도 함께 있어요. 둘 중 하나만 남겨 주세요.',
    en: '{name} ({source}): {file} is given as well. Keep one of the two.',
  },
  'setting.weak': {
    ko: '{name} ({source}): {count}글자 값이 너무 약해요. 쓸 수 있는 값: {allowed}.',
    en: '{name} ({source}): the value of {count} characters is too weak. Allowed: {allowed}.',
  },
  'setting.local_secrets': {
    ko: 'MALBEOT_DATA: 데이터 폴더의 비밀값을 준비하지 못했어요. {reason}',
    en: 'MALBEOT_DATA: the secrets in the data folder can not be prepared. {reason}',
  },
  'setting.given.no_json': { ko: 'JSON 객체가 아닌 내용', en: 'something that is not a JSON object' },
  'setting.given.hidden': { ko: '가려 둔 {count}글자', en: 'hidden text of length {count}' },
  'setting.warning.unknown': {
    ko: '{name} ({source})은 모르는 이름이라 쓰지 않아요. {allowed}',
    en: '{name} ({source}) is unknown and has no effect; {allowed}',
  },
  'setting.warning.alone': {
    ko: '{name}은 DB_HOST가 없어서 쓰지 않아요.',
    en: '{name} has no effect without DB_HOST.',
  },
  'setting.warning.url_wins': {
    ko: 'DATABASE_URL이 있어서 DB_*는 쓰지 않아요.',
    en: 'DB_* have no effect because DATABASE_URL is given.',
  },
  'setting.warning.docker_loopback': {
    ko: 'HOST가 {host}라서 컨테이너 밖에서 들어올 수 없어요. HOST=0.0.0.0으로 해 주세요.',
    en: 'HOST is {host}: nobody outside the container can reach the server. Set HOST=0.0.0.0.',
  },
  'config.wrong': {
    ko: '설정을 고쳐야 시작할 수 있어요 ({count}군데):',
    en: 'The settings have to be corrected before the server can start ({count}):',
  },
  'config.header.name': { ko: '이름', en: 'NAME' },
  'config.header.value': { ko: '값', en: 'VALUE' },
  'config.header.source': { ko: '어디서', en: 'FROM' },
  'config.header.note': { ko: '메모', en: 'NOTE' },
  'config.unused': { ko: '이 버전은 아직 쓰지 않아요', en: 'not used by this version yet' },
  'config.written': { ko: '{file}을 새로 썼어요.', en: 'Wrote {file}.' },
} as const satisfies Messages;
