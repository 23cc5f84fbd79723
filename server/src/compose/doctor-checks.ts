import type { Config } from '../config/config.ts';
import type { LoadedConfig } from '../config/load.ts';
import { decodeWav, encodeWav } from '../audio/wav.ts';
import { resample } from '../audio/resample.ts';
import { systemClock } from '../lib/clock.ts';
import {
  certificateCheck,
  dataFolderCheck,
  nodeCheck,
  portCheck,
  secretsCheck,
} from '../operations/doctor-machine.ts';
import {
  databaseCheck,
  nativeModuleCheck,
  providerCheck,
  settingsCheck,
  switchedOffCheck,
} from '../operations/doctor-parts.ts';
import type { DoctorCheck } from '../operations/doctor.ts';
import { joinPcm16 } from '../audio/pcm.ts';
import type { MigrationState } from '../storage/migrator.ts';
import { mindChecks } from './mind-parts.ts';
import type { Minds } from './minds.ts';
import { pictureChecks, type Pictures } from './pictures.ts';
import type { Speech } from './speech.ts';
import { turnEndCheck, type TurnEndPart } from './turn-end-parts.ts';
import type { VadPart } from './vad-parts.ts';

const MINIMUM_NODE = '20.19.0';
/** What the voice says and the ear has to hear, to see that both work. */
const TRIAL = { said: '콜라 두 개 주세요', heard: /콜라/ };

/** Everything that `malbeot doctor` looks at. */
export function doctorChecks(options: {
  readonly loaded: LoadedConfig;
  readonly databaseShown: string;
  readonly migrations: (signal: AbortSignal) => Promise<readonly MigrationState[]>;
  readonly speech: Speech;
  /** Looked for already: see `Minds.find`. */
  readonly minds: Minds;
  readonly pictures: Pictures;
  readonly vad: VadPart;
  readonly turnEnd: TurnEndPart;
}): readonly DoctorCheck[] {
  const { loaded, databaseShown, migrations, speech, minds, pictures, vad, turnEnd } = options;
  const { config } = loaded;
  return [
    nodeCheck(process.version, MINIMUM_NODE),
    dataFolderCheck(config.data.folder),
    secretsCheck(config),
    portCheck(config.server),
    certificateCheck(config.tls, systemClock.now()),
    databaseCheck({ shown: databaseShown, migrations }),
    nativeModuleCheck('better-sqlite3', () => import('better-sqlite3')),
    ...speechChecks(config, speech),
    providerCheck({
      part: { key: 'doctor.part.vad' },
      provider: vad.detector,
      // Without it speech is told by loudness alone.
      optional: true,
      prove: async (signal) => vad.detector.preload?.(signal),
    }),
    turnEndCheck(turnEnd),
    ...mindChecks(minds),
    ...pictureChecks(pictures),
    paymentCheck(config.kiosk.terminal),
    settingsCheck(loaded),
  ];
}

/** Where orders are paid for. A simulated terminal is a warning: customers must not meet it unawares. */
function paymentCheck(terminal: Config['kiosk']['terminal']): DoctorCheck {
  const part = { key: 'doctor.part.payment' } as const;
  const isSimulated = terminal === 'simulator';
  return {
    part,
    run: () => [
      {
        part,
        status: isSimulated ? 'warn' : 'ok',
        what: { key: `health.payment.${terminal}` },
        action: isSimulated ? { key: 'health.payment.simulator.action' } : null,
      },
    ],
  };
}

function speechChecks({ parts }: Config, { earProviders, voiceProviders }: Speech): readonly DoctorCheck[] {
  const ears = { key: 'doctor.part.ears' } as const;
  const voice = { key: 'doctor.part.voice' } as const;
  let sound: Float32Array | undefined;
  const voices = voiceProviders.map((provider) =>
    providerCheck({
      part: voice,
      provider,
      optional: voiceProviders.length > 1,
      async prove(signal) {
        const pieces: Int16Array[] = [];
        let rate = 0;
        for await (const chunk of provider.synthesize({ text: TRIAL.said, language: 'ko' }, signal)) {
          if (chunk.type !== 'audio') continue;
          pieces.push(chunk.samples);
          rate = chunk.sampleRate;
        }
        const wav = decodeWav(encodeWav(joinPcm16(pieces), rate));
        // The last voice is the built-in one, which is what the built-in ear knows.
        sound = resample(wav.samples, wav.sampleRate, 16_000);
      },
    }),
  );
  const listeners = earProviders.map((provider) =>
    providerCheck({
      part: ears,
      provider,
      optional: earProviders.length > 1,
      async prove(signal) {
        if (sound === undefined) return;
        const { text } = await provider.transcribe({ samples: sound, language: 'ko' }, signal);
        // A real recogniser need not understand the built-in voice; that it answers is enough.
        if (provider.info.standIn && !TRIAL.heard.test(text))
          throw new Error(`"${TRIAL.said}" was said, "${text}" was heard.`);
      },
    }),
  );
  return [
    ...(parts.tts ? voices : [switchedOffCheck(voice, 'TTS_ENABLED')]),
    ...(parts.stt ? listeners : [switchedOffCheck(ears, 'STT_ENABLED')]),
  ];
}
