import { joinPcm16 } from '../../server/src/audio/pcm.ts';
import { encodeWav } from '../../server/src/audio/wav.ts';
import { createChildHost } from '../../server/src/lib/child-host.ts';
import { createEspeakVoice } from '../../server/src/providers/espeak/espeak-voice.ts';
import { openEspeakHost } from '../../server/src/providers/espeak/open-espeak-host.ts';

/** An order, as words and as the built-in voice says it. */
export interface SpokenOrder {
  readonly text: string;
  readonly wav: Uint8Array;
  readonly durationMs: number;
}

const ITEMS = [
  '불고기버거',
  '치즈버거',
  '새우버거',
  '치킨버거',
  '채소버거',
  '감자튀김',
  '어니언링',
  '치즈스틱',
  '콜라',
  '사이다',
];
const COUNTS = ['한', '두', '세', '네', '다섯'];
const ENDINGS = ['주세요', '부탁드려요', '할게요', '주시겠어요'];

/** `count` different orders of about three seconds, the same ones every time. */
export async function speakOrders(count: number): Promise<SpokenOrder[]> {
  const host = createChildHost({ name: 'espeak-host', open: openEspeakHost() });
  const voice = createEspeakVoice({ host });
  const { signal } = new AbortController();
  const orders: SpokenOrder[] = [];
  try {
    for (let index = 0; index < count; index++) {
      const first = ITEMS[index % ITEMS.length]!;
      const second = ITEMS[(index + 1 + Math.floor(index / ITEMS.length)) % ITEMS.length]!;
      const text = `${first} ${COUNTS[index % 5]!} 개랑 ${second} ${COUNTS[Math.floor(index / 7) % 5]!} 개 ${ENDINGS[Math.floor(index / 50) % 4]!}`;
      const pieces: Int16Array[] = [];
      let sampleRate = 0;
      for await (const chunk of voice.synthesize({ text, language: 'ko' }, signal)) {
        if (chunk.type !== 'audio') continue;
        pieces.push(chunk.samples);
        sampleRate = chunk.sampleRate;
      }
      const samples = joinPcm16(pieces);
      orders.push({
        text,
        wav: encodeWav(samples, sampleRate),
        durationMs: (samples.length / sampleRate) * 1000,
      });
    }
  } finally {
    await host.close();
  }
  return orders;
}
