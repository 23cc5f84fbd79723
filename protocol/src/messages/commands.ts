import type { Messages } from './message-table.ts';

/** What the commands, the start and the pages that are not built say. */
export const commandMessages = {
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
  'command.header.migration': { ko: '마이그레이션', en: 'MIGRATION' },
  'command.header.applied': { ko: '실행한 때', en: 'APPLIED' },
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
  'command.unknown': {
    ko: '{command|이라는/라는} 명령은 없어요. 있는 것: {known}',
    en: 'There is no command {command}. There are: {known}',
  },
  'command.later': {
    ko: 'malbeot {command}는 다음 버전에 들어와요. 그때까지는 서버를 멈추고 데이터 폴더(MALBEOT_DATA)나 데이터베이스를 복사해 두세요.',
    en: 'malbeot {command} comes in a later version. Until then, stop the server and copy the data folder (MALBEOT_DATA) or the database.',
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
} as const satisfies Messages;
