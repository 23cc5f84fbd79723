import type { Messages } from './message-table.ts';

/** What `malbeot models` says. */
export const modelMessages = {
  'models.state.in_use': { ko: '쓰는 중', en: 'in use' },
  'models.state.built_in': { ko: '기본 제공', en: 'built in' },
  'models.state.pulled': { ko: '받음', en: 'pulled' },
  'models.state.interrupted': { ko: '받다가 멈춤', en: 'pull broke off' },
  'models.state.available': { ko: '-', en: '-' },
  'models.kind.ears': { ko: '귀', en: 'ears' },
  'models.kind.voice': { ko: '목소리', en: 'voice' },
  'models.kind.turn_end': { ko: '말끝', en: 'turn end' },
  'models.header.id': { ko: '모델', en: 'MODEL' },
  'models.header.kind': { ko: '종류', en: 'KIND' },
  'models.header.languages': { ko: '언어', en: 'LANGUAGES' },
  'models.header.size': { ko: '크기', en: 'SIZE' },
  'models.header.licence': { ko: '라이선스', en: 'LICENCE' },
  'models.header.state': { ko: '상태', en: 'STATE' },
  'models.licence.non_commercial': {
    ko: '{licence}, 상업적으로 쓸 수 없음',
    en: '{licence}, not for commercial use',
  },
  'models.list.hint': {
    ko: '받기: malbeot models pull 모델',
    en: 'To get one: malbeot models pull MODEL',
  },
  'models.unknown': {
    ko: '{id|이라는/라는} 모델은 없어요. 있는 것: {known}',
    en: 'There is no model {id}. There are: {known}',
  },
  'models.not_here': {
    ko: '{id|은/는} 받지 않은 모델이에요. 받은 것: {known}',
    en: '{id} is not pulled. There are: {known}',
  },
  'models.none': { ko: '없음', en: 'none' },

  'models.pull.about': { ko: '{name} ({kind}: {languages})', en: '{name} ({kind}: {languages})' },
  'models.pull.size': {
    ko: '  크기       받을 것 {download}, 디스크에 {disk}',
    en: '  Size       {download} to fetch, {disk} on the disk',
  },
  'models.pull.about_size': { ko: '약 {size}', en: 'about {size}' },
  'models.pull.licence': { ko: '  라이선스   {name}, {url}', en: '  Licence    {name}, {url}' },
  'models.pull.restrictions': { ko: '             {text}', en: '             {text}' },
  'models.pull.from': { ko: '  받는 곳    {places}', en: '  From       {places}' },
  'models.pull.offline_first': { ko: '폴더 {folder}', en: 'folder {folder}' },
  'models.pull.unchecked': {
    ko: '  확인       공개된 SHA-256이 없는 파일이 있어요. 처음 받은 것을 믿고 그 값을 기억해요.',
    en: '  Check      Some files have no published SHA-256: what comes first is trusted and remembered.',
  },
  'models.pull.ask': {
    ko: '이 라이선스에 동의하고 받을까요? [y/N] ',
    en: 'Do you agree to these licences, and fetch? [y/N] ',
  },
  'models.pull.needs_yes': {
    ko: '물어볼 터미널이 없어요. 라이선스에 동의하면 --yes를 붙여 주세요: malbeot models pull {ids} --yes',
    en: 'There is no terminal to ask at. If you agree to the licences, add --yes: malbeot models pull {ids} --yes',
  },
  'models.pull.refused': { ko: '아무것도 받지 않았어요.', en: 'Nothing was fetched.' },
  'models.pull.here': {
    ko: '{id}: 이미 있고, 크기와 내용이 맞아요.',
    en: '{id}: is here already; size and content are right.',
  },
  'models.pull.damaged': {
    ko: '{id}: 있지만 파일이 달라졌어요. 다시 받아요.',
    en: '{id}: is here, but its files have changed. It is fetched again.',
  },
  'models.pull.done': { ko: '{id}: 준비됐어요 ({size}).', en: '{id}: ready ({size}).' },
  'models.pull.use': {
    ko: '서버를 다시 켜면 써요. 지금 켜져 있다면 껐다 켜 주세요.',
    en: 'The server uses it from its next start. If it is running, start it again.',
  },
  'models.pull.learned': {
    ko: '{file}: 공개된 SHA-256이 없어서, 이번에 받은 것을 기억해요: {sha256}',
    en: '{file}: nobody has published its SHA-256, so the one that came is remembered: {sha256}',
  },
  'models.pull.locked': {
    ko: '다른 프로세스(PID {pid})가 이 모델을 다루고 있어요. 끝난 뒤에 다시 해 주세요.',
    en: 'Another process (PID {pid}) is busy with this model. Try again when it is done.',
  },
  'models.pull.no_room': {
    ko: '{folder}에 자리가 모자라요. {needed} MB가 필요한데 {free} MB만 남았어요.',
    en: 'There is too little room at {folder}: {needed} MB are needed and {free} MB are free.',
  },
  'models.pull.disk_full': {
    ko: '{folder}의 디스크가 가득 찼어요. 자리를 비우고 다시 하면 이어서 받아요.',
    en: 'The disk of {folder} is full. Make room and pull again: it goes on from there.',
  },
  'models.pull.failed': {
    ko: '{id|을/를} 받지 못했어요. 온전한 파일을 준 곳이 없어요.',
    en: '{id} could not be pulled: nobody gave it whole.',
  },
  'models.pull.failed.action': {
    ko: '다시 하면 받은 데부터 이어 가요. 파일을 직접 구했다면 MODELS_OFFLINE 폴더의 {id} 안에 넣어 주세요. 다른 서버에 있다면 MODELS_MIRROR에 적어 주세요.',
    en: 'Pulling again goes on from what was fetched. If you have the files, put them into {id} in the folder MODELS_OFFLINE; if another server has them, name it in MODELS_MIRROR.',
  },
  'models.pull.stopped': {
    ko: '멈췄어요. malbeot models pull {id|으로/로} 이어서 받을 수 있어요.',
    en: 'Stopped. malbeot models pull {id} goes on from here.',
  },
  'models.pull.failure': { ko: '{file}: {place}: {reason}', en: '{file}: {place}: {reason}' },
  'models.progress.fetch': { ko: '{file} 받는 중', en: 'Fetching {file}' },
  'models.progress.check': { ko: '{file} 확인하는 중', en: 'Checking {file}' },
  'models.progress.unpack': { ko: '{file} 푸는 중', en: 'Unpacking {file}' },
  'models.progress.unpack_slow': {
    ko: 'JavaScript로 풀고 있어요. bzip2를 설치하면 훨씬 빨라져요.',
    en: 'Unpacking in JavaScript; install bzip2 to make it faster.',
  },
  'models.progress.left': { ko: '{time} 남음', en: '{time} left' },

  'models.reason.absent': { ko: '거기에 없어요 (HTTP {status}).', en: 'it is not there (HTTP {status}).' },
  'models.reason.no_file': { ko: '그 폴더에 없어요.', en: 'it is not in that folder.' },
  'models.reason.forbidden': {
    ko: '내주지 않아요 (HTTP {status}).',
    en: 'it is not given to us (HTTP {status}).',
  },
  'models.reason.status': {
    ko: '서버가 HTTP {status}로 답했어요.',
    en: 'the server answered HTTP {status}.',
  },
  'models.reason.stalled': {
    ko: '{seconds}초 동안 아무것도 오지 않았어요.',
    en: 'nothing came for {seconds} seconds.',
  },
  'models.reason.unreachable': { ko: '닿지 않아요 ({code}).', en: 'it can not be reached ({code}).' },
  'models.reason.untrusted': {
    ko: '인증서를 믿을 수 없어요 ({code}).',
    en: 'its certificate can not be trusted ({code}).',
  },
  'models.reason.cut': { ko: '연결이 끊겼어요 ({code}).', en: 'the connection was cut ({code}).' },
  'models.reason.redirects': {
    ko: '다른 주소로 {count}번 넘게 보내요.',
    en: 'it sends us on more than {count} times.',
  },
  'models.reason.redirect_unsafe': {
    ko: '안전하지 않은 주소로 보내요.',
    en: 'it sends us on to an address that is not safe.',
  },
  'models.reason.page': {
    ko: '파일이 아니라 웹 페이지를 보냈어요.',
    en: 'it sent a web page and not the file.',
  },
  'models.reason.empty': { ko: '빈 답을 보냈어요.', en: 'it sent an empty answer.' },
  'models.reason.encoded': {
    ko: '원하지 않은 방식({encoding})으로 줄여서 보냈어요.',
    en: 'it sent the file compressed ({encoding}), which was not asked for.',
  },
  'models.reason.changed': {
    ko: '받는 사이에 파일이 바뀌었어요 ({code}).',
    en: 'the file changed between two tries ({code}).',
  },
  'models.reason.too_long': {
    ko: '{expected}바이트보다 많이 보냈어요.',
    en: 'it sent more than {expected} bytes.',
  },
  'models.reason.too_short': {
    ko: '{expected}바이트 가운데 {found}바이트만 보냈어요.',
    en: 'it sent {found} of {expected} bytes.',
  },
  'models.reason.wrong_size': {
    ko: '크기가 {found}바이트예요. {expected}바이트여야 해요.',
    en: 'it has {found} bytes and has to have {expected}.',
  },
  'models.reason.wrong_hash': {
    ko: '내용이 달라요. SHA-256이 {expected}…여야 하는데 {found}…예요.',
    en: 'its content is not right: SHA-256 {found}…, which has to be {expected}….',
  },
  'models.archive.damaged': {
    ko: '압축 파일이 깨졌어요.',
    en: 'the archive is damaged.',
  },
  'models.archive.too_many': {
    ko: '압축 파일에 파일이 너무 많아요.',
    en: 'there are too many files in the archive.',
  },
  'models.archive.too_large': {
    ko: '압축 파일을 풀면 지나치게 커요.',
    en: 'what is in the archive is too large.',
  },
  'models.archive.strange': {
    ko: '압축 파일에 링크나 장치가 있어요: {path}',
    en: 'there is a link or a device in the archive: {path}',
  },
  'models.archive.path': {
    ko: '압축 파일에 폴더 밖을 가리키는 이름이 있어요: {path}',
    en: 'a name in the archive leads out of its folder: {path}',
  },
  'models.archive.twice': {
    ko: '압축 파일에 같은 이름이 두 번 있어요: {path}',
    en: 'a name is in the archive twice: {path}',
  },
  'models.archive.lacks': {
    ko: '압축 파일에 {path|이/가} 없어요.',
    en: 'the archive has no {path}.',
  },
  'models.archive.other': {
    ko: '{path}의 내용이 알려진 것과 달라요.',
    en: '{path} is not what it is known to be.',
  },

  'models.repair': {
    ko: '다시 받아 주세요: malbeot models pull {id}',
    en: 'Pull it again: malbeot models pull {id}',
  },

  'models.remove.ask': {
    ko: '{id} ({size})를 지울까요? [y/N] ',
    en: 'Remove {id} ({size})? [y/N] ',
  },
  'models.remove.needs_yes': {
    ko: '물어볼 터미널이 없어요. 지우려면 --yes를 붙여 주세요: malbeot models remove {ids} --yes',
    en: 'There is no terminal to ask at. To remove it, add --yes: malbeot models remove {ids} --yes',
  },
  'models.remove.built_in': {
    ko: '{id|은/는} 기본 제공 모델이라 지울 수 없어요.',
    en: '{id} comes with the server and can not be removed.',
  },
  'models.remove.kept': { ko: '아무것도 지우지 않았어요.', en: 'Nothing was removed.' },
  'models.remove.done': { ko: '{id|을/를} 지웠어요.', en: '{id} is removed.' },
  'models.remove.use': {
    ko: '서버가 켜져 있다면 껐다 켜 주세요.',
    en: 'If the server is running, start it again.',
  },
} as const satisfies Messages;
