import type { Messages } from './message-table.ts';

/** What the doctor and the health of the parts say. */
export const operationMessages = {
  'doctor.part.node': { ko: 'Node.js', en: 'Node.js' },
  'doctor.part.data': { ko: '데이터 폴더', en: 'Data folder' },
  'doctor.part.secrets': { ko: '비밀값', en: 'Secrets' },
  'doctor.part.port': { ko: '포트', en: 'Port' },
  'doctor.part.tls': { ko: '인증서', en: 'Certificate' },
  'doctor.part.database': { ko: '데이터베이스', en: 'Database' },
  'doctor.part.settings': { ko: '설정', en: 'Settings' },
  'doctor.part.ears': { ko: '귀 (음성 인식)', en: 'Ears' },
  'doctor.part.vad': { ko: '말소리 감지', en: 'Voice detection' },
  'doctor.part.turn_end': { ko: '말끝 판단', en: 'Turn ends' },
  'doctor.part.pictures': { ko: '그림', en: 'Pictures' },
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
  'doctor.provider.cloud': {
    ko: '{name|을/를} 쓸 수 있게 되어 있어요. 밖에 있는 서비스라 여기서는 물어보지 않아요. 물어보면 돈이 들 수 있거든요.',
    en: '{name} is set up. It is a service elsewhere and is not asked from here, because that may cost.',
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
    ko: '그대로 쓰셔도 돼요. 더 나은 것은 malbeot models list에 있어요.',
    en: 'Nothing has to be done. Better ones are in malbeot models list.',
  },
  'health.ears.better': {
    ko: '사람의 말을 들으려면 모델을 받거나(malbeot models pull sense-voice-int8) 음성 인식 서버를 연결해 주세요(OPENAI_STT_URL). /voices에서 시험할 수 있어요.',
    en: 'To understand people, pull a model (malbeot models pull sense-voice-int8) or connect a recognition server (OPENAI_STT_URL). Try them on /voices.',
  },
  'health.voice.better': {
    ko: '자연스러운 목소리를 쓰려면 모델을 받거나(malbeot models pull supertonic-3-int8) 음성 서버를 연결해 주세요(OPENAI_TTS_URL). /voices에서 들어 볼 수 있어요.',
    en: 'For a natural voice, pull a model (malbeot models pull supertonic-3-int8) or connect a voice server (OPENAI_TTS_URL). Hear them on /voices.',
  },
  'health.turn_end.rules': {
    ko: '말이 끝났는지는 낱말만으로 알아차려요.',
    en: 'The words alone tell whether somebody has finished.',
  },
  'health.turn_end.better': {
    ko: '그대로 쓰셔도 돼요. 말투까지 듣고 알아차리게 하려면 모델을 받아 주세요(malbeot models pull {model}).',
    en: 'Nothing has to be done. To have it heard in the voice as well: malbeot models pull {model}.',
  },
  'health.turn_end.off': {
    ko: '{setting|이라서/라서} 말이 끝났는지는 낱말만으로 알아차려요.',
    en: 'The words alone tell whether somebody has finished, as {setting} wants it.',
  },
  'health.provider.passed_over': {
    ko: '{name|이/가} 자꾸 실패해서 {other|이/가} 대신하고 있어요.',
    en: '{name} keeps failing; {other} takes its place.',
  },
  'health.provider.passed_over.action': {
    ko: '저절로 다시 시도해요. 계속되면 로그와 malbeot doctor로 확인해 주세요.',
    en: 'It is tried again by itself. If it goes on, look at the log and malbeot doctor.',
  },
  'health.provider.failing': {
    ko: '{name|이/가} 자꾸 실패하고, 대신할 것이 없어요.',
    en: '{name} keeps failing, and nothing can take its place.',
  },
  'health.provider.tried.replay': {
    ko: '문서대로 답하는 시험 서버로만 확인했어요.',
    en: 'Tried only with a test server that answers as documented.',
  },
  'health.provider.tried.random_weights': {
    ko: '훈련하지 않은 시험 모델로만 돌려 보았어요.',
    en: 'Run only with an untrained model of its kind.',
  },
  'health.provider.tried.nothing': { ko: '아직 한 번도 돌려 보지 못했어요.', en: 'Never yet run.' },
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
} as const satisfies Messages;
