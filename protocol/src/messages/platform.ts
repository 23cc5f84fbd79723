import type { Language } from '../kiosk.ts';

type Table = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** What the configuration, the commands and the doctor say. */
export const platformMessages = {
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

  'doctor.part.node': { ko: 'Node.js', en: 'Node.js' },
  'doctor.part.data': { ko: '데이터 폴더', en: 'Data folder' },
  'doctor.part.secrets': { ko: '비밀값', en: 'Secrets' },
  'doctor.part.port': { ko: '포트', en: 'Port' },
  'doctor.part.tls': { ko: '인증서', en: 'Certificate' },
  'doctor.part.database': { ko: '데이터베이스', en: 'Database' },
  'doctor.part.settings': { ko: '설정', en: 'Settings' },
  'doctor.part.ears': { ko: '귀 (음성 인식)', en: 'Ears' },
  'doctor.part.mind': { ko: '생각 (언어 모델)', en: 'Mind' },
  'doctor.part.payment': { ko: '결제', en: 'Payment' },
  'doctor.part.voice': { ko: '목소리 (음성 합성)', en: 'Voice' },
  'doctor.node.ok': { ko: '{version}', en: '{version}' },
  'doctor.node.old': { ko: '{version}은 너무 오래됐어요.', en: '{version} is too old.' },
  'doctor.node.old.action': {
    ko: 'Node.js {minimum} 이상을 설치해 주세요.',
    en: 'Install Node.js {minimum} or newer.',
  },
  'doctor.data.ok': {
    ko: '{folder}에 쓸 수 있고, {free} MiB가 비어 있어요.',
    en: '{folder} can be written, {free} MiB are free.',
  },
  'doctor.data.absent': {
    ko: '{folder}는 아직 없어요. 처음 시작할 때 만들어요.',
    en: '{folder} does not exist yet; the first start makes it.',
  },
  'doctor.data.unwritable': {
    ko: '{folder}에 쓸 수 없어요 ({reason}).',
    en: '{folder} can not be written ({reason}).',
  },
  'doctor.data.unwritable.action': {
    ko: '폴더의 소유자와 권한을 고치거나 MALBEOT_DATA로 다른 폴더를 정해 주세요.',
    en: 'Correct the owner and the permissions of the folder, or name another one with MALBEOT_DATA.',
  },
  'doctor.data.full': {
    ko: '{folder}에 {free} MiB밖에 남지 않았어요.',
    en: 'Only {free} MiB are free at {folder}.',
  },
  'doctor.data.full.action': {
    ko: '디스크를 비워 주세요. 1 GiB 이상이 좋아요.',
    en: 'Make room on the disk; 1 GiB or more is good.',
  },
  'doctor.secrets.ok': { ko: '주인만 읽을 수 있어요.', en: 'Only their owner can read them.' },
  'doctor.secrets.none': { ko: '처음 시작할 때 만들어요.', en: 'The first start makes them.' },
  'doctor.secrets.given': { ko: '설정으로 받았어요.', en: 'They are given by the settings.' },
  'doctor.secrets.open': {
    ko: '{path}를 다른 사용자도 읽을 수 있어요.',
    en: '{path} can be read by other users.',
  },
  'doctor.secrets.open.action': { ko: 'chmod 600 {path}', en: 'chmod 600 {path}' },
  'doctor.port.free': { ko: '{port}번 포트가 비어 있어요.', en: 'Port {port} is free.' },
  'doctor.port.taken': {
    ko: '{port}번 포트를 다른 프로그램이 쓰고 있어요.',
    en: 'Port {port} is taken by another program.',
  },
  'doctor.port.held': {
    ko: '{port}번 포트를 {command} (PID {pid})가 쓰고 있어요.',
    en: 'Port {port} is taken by {command} (PID {pid}).',
  },
  'doctor.port.taken.action': {
    ko: '이미 켜 둔 말벗이라면 괜찮아요. 아니면 그 프로그램을 끄거나 PORT를 바꿔 주세요.',
    en: 'That is fine if it is this server, already running. Otherwise end that program or choose another PORT.',
  },
  'doctor.port.refused': {
    ko: '{host}:{port}에서 들을 수 없어요 ({reason}).',
    en: 'Can not listen on {host}:{port} ({reason}).',
  },
  'doctor.port.refused.action': {
    ko: '이 컴퓨터의 주소를 HOST에, 1024 이상의 번호를 PORT에 적어 주세요.',
    en: 'Set HOST to an address of this machine and PORT to a number from 1024 on.',
  },
  'doctor.tls.none': { ko: '없어요. HTTP로 열어요.', en: 'There is none: the server speaks HTTP.' },
  'doctor.tls.none.action': {
    ko: '다른 기기에서 마이크를 쓰려면 HTTPS가 필요해요. {certFile}과 {keyFile}을 넣으면 켜져요.',
    en: 'Microphones of other devices need HTTPS. It turns itself on when {certFile} and {keyFile} are there.',
  },
  'doctor.tls.ok': { ko: '{subject}, {until}까지 쓸 수 있어요.', en: '{subject}, good until {until}.' },
  'doctor.tls.soon': { ko: '{until}에 끝나요.', en: 'It ends on {until}.' },
  'doctor.tls.expired': { ko: '{until}에 끝났어요.', en: 'It ended on {until}.' },
  'doctor.tls.renew.action': { ko: '새 인증서로 바꿔 주세요.', en: 'Put a renewed one in its place.' },
  'doctor.tls.bad': {
    ko: '인증서와 열쇠를 쓸 수 없어요: {reason}',
    en: 'Certificate and key can not be used: {reason}',
  },
  'doctor.tls.bad.action': {
    ko: '{certFile}에 PEM 인증서를, {keyFile}에 그 열쇠를 넣어 주세요.',
    en: 'Put a PEM certificate into {certFile} and its key into {keyFile}.',
  },
  'doctor.tls.mismatch': {
    ko: '열쇠가 인증서와 맞지 않아요.',
    en: 'the key does not belong to the certificate.',
  },
  'doctor.database.ok': {
    ko: '{location}, 구조가 최신이에요.',
    en: '{location}, its tables are up to date.',
  },
  'doctor.database.pending': {
    ko: '{location}, 마이그레이션 {count}개가 남았어요.',
    en: '{location}, {count} migrations are pending.',
  },
  'doctor.database.pending.action': {
    ko: '다음에 시작할 때 실행돼요. 지금 하려면: malbeot migrate',
    en: 'The next start runs them; to run them now: malbeot migrate',
  },
  'doctor.database.ahead': {
    ko: '{location}의 구조가 이 버전과 달라요: {names}',
    en: '{location} has tables of another version: {names}',
  },
  'doctor.database.ahead.action': {
    ko: '그 데이터베이스를 쓰던 버전을 설치하거나 백업을 되돌려 주세요.',
    en: 'Install the version that ran on it, or restore a backup from before.',
  },
  'doctor.database.down': {
    ko: '{location}에 연결할 수 없어요: {reason}',
    en: '{location} can not be reached: {reason}',
  },
  'doctor.database.down.action': {
    ko: '데이터베이스가 켜져 있는지, DATABASE_URL (또는 DB_*)이 맞는지 봐 주세요.',
    en: 'See that the database runs and that DATABASE_URL (or DB_*) is right.',
  },
  'doctor.module.ok': { ko: '불러올 수 있어요.', en: 'It loads.' },
  'doctor.module.bad': { ko: '불러올 수 없어요: {reason}', en: 'It does not load: {reason}' },
  'doctor.module.bad.action': {
    ko: 'npm rebuild {name}을 실행하거나 node_modules를 지우고 npm start를 다시 해 주세요.',
    en: 'Run npm rebuild {name}, or delete node_modules and run npm start again.',
  },
  'doctor.provider.ok': { ko: '{name}이(가) 돼요.', en: '{name} works.' },
  'doctor.provider.stand_in': {
    ko: '{name}이(가) 돼요. 더 나은 것을 대신하는 임시 부품이에요.',
    en: '{name} works. It only stands in for a better one.',
  },
  'doctor.provider.off': { ko: '{setting}으로 꺼 두었어요.', en: 'Switched off by {setting}.' },
  'doctor.provider.bad': {
    ko: '{name}을(를) 쓸 수 없어요: {reason}',
    en: '{name} can not be used: {reason}',
  },
  'doctor.provider.bad.action': {
    ko: '로그를 보고, 파일을 확인해 주세요: malbeot models verify',
    en: 'Look at the log, and check the files: malbeot models verify',
  },
  'doctor.mind.none': {
    ko: '언어 모델이 없어요. 규칙이 들어 있어서 없어도 돼요. 쓰려면 이 중 하나를 넣어 주세요: {settings}',
    en: 'No language model is configured, and none is needed: rules are built in. Any of these turns one on: {settings}',
  },
  'doctor.mind.ok': {
    ko: '{name}이(가) 돼요. 모델: {model}',
    en: '{name} works, with the model {model}.',
  },
  'doctor.mind.bad.action': {
    ko: '키와 주소와 모델 이름을 확인해 주세요: {settings}. 그동안은 규칙만으로 주문을 받아요.',
    en: 'Check its key, its address and the name of its model: {settings}. Meanwhile the rules take orders alone.',
  },
  'doctor.settings.ok': { ko: '모두 쓰이고 있어요.', en: 'All that are given are in use.' },
  'doctor.settings.unused': {
    ko: '{name}을 이 버전은 아직 쓰지 않아요.',
    en: '{name} is not used by this version yet.',
  },
  'doctor.settings.unused.action': {
    ko: '그대로 두어도 돼요. 그 기능이 들어온 버전부터 쓰여요.',
    en: 'It may stay; a version with that part will use it.',
  },
  'doctor.broken': { ko: '확인하지 못했어요: {reason}', en: 'It could not be checked: {reason}' },
  'doctor.timeout': {
    ko: '{seconds}초 안에 대답하지 않았어요.',
    en: 'It did not answer within {seconds} s.',
  },
  'doctor.timeout.action': { ko: '무엇이 느린지 로그를 봐 주세요.', en: 'See in the log what is slow.' },
  'doctor.summary.ok': { ko: '모두 좋아요.', en: 'All is well.' },
  'doctor.summary.warn': {
    ko: '돌아가지만, 살펴볼 것이 {warnings}가지 있어요.',
    en: 'It works; {warnings} things are worth a look.',
  },
  'doctor.summary.fail': {
    ko: '고칠 것이 {failures}가지, 살펴볼 것이 {warnings}가지 있어요.',
    en: '{failures} things have to be repaired, {warnings} are worth a look.',
  },

  'health.slow': { ko: '{limit}밀리초 안에 대답하지 않았어요.', en: 'It did not answer within {limit} ms.' },
  'health.slow.action': {
    ko: '너무 바쁘지 않은지 봐 주세요. malbeot doctor가 자세히 확인해요.',
    en: 'Look whether it is overloaded; malbeot doctor checks it at length.',
  },
  'health.stopping': { ko: '서버가 멈추는 중이에요.', en: 'The server is going down.' },
  'health.failing': { ko: '제대로 대답하지 않아요.', en: 'It does not answer as it should.' },
  'health.failing.action': {
    ko: 'malbeot doctor가 무엇이 잘못됐는지 알려 줘요. 원인은 로그에 있어요.',
    en: 'malbeot doctor says what is wrong; the log has the cause.',
  },
  'health.provider.none': { ko: '정해 둔 것이 없어요.', en: 'It is not configured.' },
  'health.provider.unavailable': {
    ko: '{name|을/를} 쓸 수 없어요. ({reason})',
    en: '{name} can not be used. ({reason})',
  },
  'health.provider.unavailable.action': {
    ko: 'malbeot doctor로 확인해 주세요. ({action})',
    en: '{action} malbeot doctor checks it at length.',
  },
  'health.provider.in_use': { ko: '{name|을/를} 쓰고 있어요.', en: '{name} is in use.' },
  'health.provider.stand_in': {
    ko: '{name|이/가} 더 나은 것을 대신하고 있어요.',
    en: '{name} stands in for a better one.',
  },
  'health.provider.stand_in.action': {
    ko: '그대로 쓰셔도 돼요. 다음 버전에서 더 나은 것을 쓸 수 있어요.',
    en: 'Nothing has to be done; a later version takes better ones.',
  },
  'health.provider.languages': { ko: '아는 말: {languages}.', en: 'It knows: {languages}.' },
  'health.off': { ko: '{setting|으로/로} 꺼 두었어요.', en: 'Switched off by {setting}.' },
  'health.off.action': { ko: '쓰려면 {setting}=on으로 해 주세요.', en: 'Set {setting}=on to use it.' },
  'health.database.ok': { ko: '잘 대답해요.', en: 'It answers.' },
  'health.disk': {
    ko: '데이터 폴더에 {free} MiB가 비어 있어요.',
    en: '{free} MiB free in the data folder.',
  },
  'health.disk.action': {
    ko: '데이터 폴더가 있는 디스크를 비워 주세요.',
    en: 'Make room on the disk of the data folder.',
  },
  'health.queue': {
    ko: '기다리는 일 {queued}개, 하는 일 {running}개, 실패한 일 {failed}개예요.',
    en: '{queued} waiting, {running} running, {failed} failed.',
  },
  'health.queue.action': {
    ko: '왜 실패했는지는 로그에 있어요. 실패한 일은 살펴볼 수 있게 남겨 두었어요.',
    en: 'The log tells why jobs failed; they are kept for a look.',
  },
  'health.not_needed': {
    ko: '이 버전에서는 아직 쓰는 곳이 없어요.',
    en: 'Nothing in this version needs it yet.',
  },
  'health.payment.counter': {
    ko: '주문번호로 카운터에서 결제해요.',
    en: 'Orders are paid for at the desk, by their number.',
  },
  'health.payment.simulator': {
    ko: '모의 단말기로 결제하는 척만 해요. 실제로 돈은 나가지 않아요.',
    en: 'A simulated terminal only acts as if: no money moves.',
  },
  'health.payment.simulator.action': {
    ko: '손님을 받기 전에 KIOSK_TERMINAL=counter로 바꿔 주세요.',
    en: 'Set KIOSK_TERMINAL=counter before customers come.',
  },
  'health.rules': {
    ko: '규칙으로 주문을 알아들어요. 언어 모델은 없어도 돼요.',
    en: 'Rules understand orders; no language model is needed.',
  },
  'health.rules.action': {
    ko: '그대로 쓰셔도 돼요. 규칙이 놓치는 말까지 물어보려면 언어 모델의 키를 하나 넣거나 Ollama를 켜 주세요. (docs/configuration.md)',
    en: 'Nothing has to be done. For what the rules miss, give the key of a language model or run Ollama (docs/configuration.md).',
  },
  'health.rules.off': {
    ko: '규칙으로 주문을 알아들어요. 언어 모델은 {setting|으로/로} 꺼 두었어요.',
    en: 'Rules understand orders; language models are switched off by {setting}.',
  },
  'health.mind': {
    ko: '규칙으로 주문을 알아듣고, 확실하지 않은 말만 {name}에 물어봐요.',
    en: 'Rules understand orders; only what they are unsure of goes to {name}.',
  },
  'health.mind.away': {
    ko: '규칙만으로 주문을 알아듣고 있어요. 지금은 언어 모델이 대답하지 않아요. ({reason})',
    en: 'Rules alone understand orders; no language model answers now. ({reason})',
  },
  'health.mind.away.action': {
    ko: '주문은 그대로 받을 수 있어요. malbeot doctor가 자세히 확인해요.',
    en: 'Orders are taken all the same; malbeot doctor checks it at length.',
  },

  'command.keys.made': {
    ko: '이 열쇠는 지금 한 번만 보여요. 잘 보관해 주세요.',
    en: 'This key is shown this once. Keep it safe.',
  },
  'command.keys.none': {
    ko: '열쇠가 없어요. malbeot keys create로 만들어요.',
    en: 'There are no keys. malbeot keys create makes one.',
  },
  'command.keys.revoked': { ko: '{id}를 더는 쓸 수 없게 했어요.', en: '{id} is revoked.' },
  'command.keys.unknown': {
    ko: '{id}라는 쓸 수 있는 열쇠가 없어요. malbeot keys list로 확인해 주세요. MALBEOT_API_KEYS의 열쇠는 설정에서 지워요.',
    en: 'There is no valid key {id}. See malbeot keys list. Keys of MALBEOT_API_KEYS are removed from the settings.',
  },
  'command.keys.device_needs_kiosk': {
    ko: '기기 열쇠에는 --kiosk가 필요해요. 예: malbeot keys create --device --kiosk kiosk-1 --name 1층',
    en: 'A device key needs --kiosk, as in: malbeot keys create --device --kiosk kiosk-1 --name hall',
  },
  'command.keys.kind.api': { ko: 'API', en: 'API' },
  'command.keys.kind.device': { ko: '기기', en: 'device' },
  'command.keys.state.valid': { ko: '쓸 수 있음', en: 'valid' },
  'command.keys.state.revoked': { ko: '폐기됨', en: 'revoked' },
  'command.header.id': { ko: 'ID', en: 'ID' },
  'command.header.kind': { ko: '종류', en: 'KIND' },
  'command.header.name': { ko: '이름', en: 'NAME' },
  'command.header.prefix': { ko: '앞부분', en: 'PREFIX' },
  'command.header.kiosk': { ko: '키오스크', en: 'KIOSK' },
  'command.header.created': { ko: '만든 때', en: 'CREATED' },
  'command.header.used': { ko: '마지막 사용', en: 'LAST USED' },
  'command.header.state': { ko: '상태', en: 'STATE' },
  'command.header.size': { ko: '크기', en: 'SIZE' },
  'command.header.licence': { ko: '라이선스', en: 'LICENCE' },
  'command.header.languages': { ko: '언어', en: 'LANGUAGES' },
  'command.header.where': { ko: '위치', en: 'WHERE' },
  'command.header.migration': { ko: '마이그레이션', en: 'MIGRATION' },
  'command.header.applied': { ko: '실행한 때', en: 'APPLIED' },
  'command.models.built_in': { ko: '기본 제공', en: 'built in' },
  'command.models.pulled': { ko: '받음', en: 'pulled' },
  'command.models.ok': { ko: '{id}: 크기와 내용이 맞아요.', en: '{id}: size and content are right.' },
  'command.models.missing': { ko: '{path}: 파일이 없어요.', en: '{path}: the file is missing.' },
  'command.models.wrong-size': {
    ko: '{path}: 크기가 {found}바이트예요. {expected}바이트여야 해요.',
    en: '{path}: it has {found} bytes and has to have {expected}.',
  },
  'command.models.wrong-content': {
    ko: '{path}: 내용이 달라요. SHA-256이 {expected}여야 하는데 {found}예요.',
    en: '{path}: its content is not right: SHA-256 {found}, which has to be {expected}.',
  },
  'command.models.repair': {
    ko: '기본 제공 파일이니, 받은 꾸러미나 저장소에서 다시 꺼내 주세요.',
    en: 'It comes with the server: take it again from the package or the repository.',
  },
  'command.models.unknown': {
    ko: '{id}라는 모델이 없어요. 있는 것: {known}',
    en: 'There is no model {id}. There are: {known}',
  },
  'command.unknown': {
    ko: '{command|이라는/라는} 명령은 없어요. 있는 것: {known}',
    en: 'There is no command {command}. There are: {known}',
  },
  'command.later': {
    ko: 'malbeot {command}는 다음 버전에 들어와요. 그때까지는 서버를 멈추고 데이터 폴더(MALBEOT_DATA)나 데이터베이스를 복사해 두세요.',
    en: 'malbeot {command} comes in a later version. Until then, stop the server and copy the data folder (MALBEOT_DATA) or the database.',
  },
  'command.later.models': {
    ko: 'malbeot {command}는 다음 버전에 들어와요. 이 버전은 기본 제공 모델만 써요.',
    en: 'malbeot {command} comes in a later version. This version uses the built-in model only.',
  },
  'command.bench': {
    ko: '성능 측정은 저장소 폴더에서 npm run bench로 해요.',
    en: 'Benchmarks run in the folder of the repository: npm run bench',
  },
  'command.migrate.done': { ko: '{name}: 실행했어요.', en: '{name}: done.' },
  'command.migrate.undone': { ko: '{name}: 되돌렸어요.', en: '{name}: taken back.' },
  'command.migrate.none': {
    ko: '할 것이 없어요. 구조가 최신이에요.',
    en: 'Nothing to do: the tables are up to date.',
  },
  'command.migrate.nothing_back': { ko: '되돌릴 것이 없어요.', en: 'Nothing to take back.' },
  'migration.state.applied': { ko: '실행됨', en: 'applied' },
  'migration.state.pending': { ko: '남음', en: 'pending' },
  'migration.state.unknown': { ko: '이 버전이 모름', en: 'unknown to this version' },
  'migration.state.changed': { ko: '실행한 뒤 바뀜', en: 'changed since' },
  'migration.state.unfinished': { ko: '중간에 멈춤', en: 'broke off' },

  'serve.ready': { ko: '말벗이 준비됐어요: {url}', en: 'Malbeot is ready: {url}' },
  'serve.admin_link': {
    ko: '아직 관리자가 없어요. 이 주소로 한 번, 24시간 안에 들어가면 관리자가 돼요: {url}',
    en: 'There is no admin yet. Whoever opens this address first, within 24 hours, becomes the admin: {url}',
  },
  'serve.log': {
    ko: '기록은 {folder}에 남겨요. 끝내려면 Ctrl+C를 누르세요.',
    en: 'The log goes to {folder}. Ctrl+C ends the server.',
  },
  'serve.port_taken': {
    ko: '{port}번 포트를 다른 프로그램이 쓰고 있어요: {holder}. 그 프로그램을 끝내거나 PORT로 다른 번호를 정해 주세요.',
    en: 'Port {port} is taken by another program: {holder}. End that program, or choose another port by PORT.',
  },
  'worker.ready': {
    ko: '작업을 기다리고 있어요. 끝내려면 Ctrl+C를 누르세요.',
    en: 'Waiting for jobs. Ctrl+C ends the worker.',
  },
  'pages.not_built.title': { ko: '화면이 아직 만들어지지 않았어요', en: 'The pages are not built yet' },
  'pages.not_built.what': {
    ko: '서버는 켜져 있어요. 화면을 만들려면 이 명령을 실행해 주세요.',
    en: 'The server is running. To build its pages, run this command.',
  },
} as const satisfies Table;
