import type { KioskTurnRequest, ServerResponse } from '@malbeot/protocol';
import { type Figure, ms, percentile, perSecond, ratio } from '../lib/figures.ts';
import { load } from '../lib/load.ts';
import { hasProgram, residentMemory, type RunningServer, startFastApi } from '../lib/processes.ts';
import type { SpokenOrder } from '../lib/spoken-orders.ts';

/** A turn as one number: from the request to the end of its answer, or to the last byte of its voice. */
interface TurnTimes {
  readonly answers: number[];
  readonly voices: number[];
  readonly stages: Record<string, number[]>;
  wrong: number;
}

async function post(baseUrl: string, body: FormData | KioskTurnRequest): Promise<ServerResponse> {
  const init =
    body instanceof FormData
      ? { method: 'POST', body }
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${baseUrl}/api/voice/process`, init);
  return (await response.json()) as ServerResponse;
}

/** Speaks each order to a new session and fetches the voice of the reply, one after the other: a cold voice cache. */
async function soundTurns(baseUrl: string, orders: readonly SpokenOrder[]): Promise<TurnTimes> {
  const times: TurnTimes = { answers: [], voices: [], stages: {}, wrong: 0 };
  for (const { wav } of orders) {
    const form = new FormData();
    form.set('audio_file', new Blob([Uint8Array.from(wav)], { type: 'audio/wav' }), 'order.wav');
    const startedAt = performance.now();
    const answer = await post(baseUrl, form);
    times.answers.push(performance.now() - startedAt);
    for (const [stage, took] of Object.entries(answer.meta.stages_ms))
      (times.stages[stage] ??= []).push(took);
    const voice = answer.tts_audio_url === null ? null : await fetch(baseUrl + answer.tts_audio_url);
    const bytes = voice?.ok === true ? (await voice.arrayBuffer()).byteLength : 0;
    times.voices.push(performance.now() - startedAt);
    if (answer.transcript === null || bytes < 1_000) times.wrong++;
  }
  return times;
}

/** The words of a turn, typed; its voice is fetched apart and not counted. */
async function textTurns(baseUrl: string, orders: readonly SpokenOrder[]): Promise<TurnTimes> {
  const times: TurnTimes = { answers: [], voices: [], stages: {}, wrong: 0 };
  for (const { text } of orders) {
    const startedAt = performance.now();
    const answer = await post(baseUrl, { text });
    times.answers.push(performance.now() - startedAt);
    for (const [stage, took] of Object.entries(answer.meta.stages_ms))
      (times.stages[stage] ??= []).push(took);
    if (!answer.success) times.wrong++;
  }
  return times;
}

const stageLine = (times: TurnTimes) =>
  Object.entries(times.stages)
    .filter(([stage]) => stage !== 'total')
    .map(([stage, took]) => `${stage} ${percentile(took, 0.95).toFixed(1)}`)
    .join(', ');

/** Kiosk turns by sound and by text against a server that is already up; see `platform.md`, speed and size. */
export async function benchTurns(server: RunningServer, orders: readonly SpokenOrder[]): Promise<Figure[]> {
  const seconds = orders.reduce((sum, { durationMs }) => sum + durationMs, 0) / orders.length / 1000;
  // The first turn loads ears and voice, which a server that has run for a while has long done.
  const first = await soundTurns(server.baseUrl, orders.slice(0, 1));
  const sound = await soundTurns(server.baseUrl, orders.slice(1));
  const text = await textTurns(server.baseUrl, orders);
  const soundP95 = percentile(sound.voices, 0.95);
  const textP95 = percentile(text.answers, 0.95);
  return [
    { what: 'first sound turn of the process, ears and voice loading', value: ms(first.voices[0]!) },
    {
      what: `sound turn p95, ${orders.length - 1} different orders of ${seconds.toFixed(1)} s, to the whole voice`,
      value: ms(soundP95),
      goal: 'goal 100 ms',
      met: soundP95 <= 100,
    },
    {
      what: '  p50 / p95 of the answer without its voice',
      value: `${ms(percentile(sound.answers, 0.5))} / ${ms(percentile(sound.answers, 0.95))}`,
    },
    { what: '  stages, p95 in ms', value: stageLine(sound) },
    {
      what: '  turns without words or voice',
      value: String(sound.wrong + first.wrong),
      goal: '0',
      met: sound.wrong + first.wrong === 0,
    },
    { what: 'text turn p95', value: ms(textP95), goal: 'goal 10 ms', met: textP95 <= 10 },
    { what: '  p50', value: ms(percentile(text.answers, 0.5)) },
    { what: '  stages, p95 in ms', value: stageLine(text) },
    { what: '  turns that failed', value: String(text.wrong), goal: '0', met: text.wrong === 0 },
  ];
}

/** Text turns under load beside FastAPI's validated echo, which does none of a turn's work: a floor, not a rival. */
export async function benchTurnLoad(server: RunningServer, seconds: number): Promise<Figure[]> {
  const peer = await startFastApi('fastapi_same_duties');
  if (peer === null || !hasProgram('wrk')) {
    await peer?.stop();
    return [{ what: 'text turns under load', value: 'skipped: needs wrk and FastAPI' }];
  }
  try {
    const ours = await load(`${server.baseUrl}/api/voice/process`, seconds, {
      mediaType: 'application/json',
      text: '{"text":"콜라 두 개 주세요"}',
    });
    const theirs = await load(`${peer.baseUrl}/echo`, seconds, {
      mediaType: 'application/json',
      text: '{"text":"콜라 두 개 주세요","n":1}',
    });
    const memory = await residentMemory(server.pid);
    return [
      {
        what: 'text turns under load (new session, order stored, voice started)',
        value: perSecond(ours.requestsPerSecond),
      },
      {
        what: `  beside FastAPI's echo with the same duties (${perSecond(theirs.requestsPerSecond)})`,
        value: ratio(ours.requestsPerSecond / theirs.requestsPerSecond),
      },
      { what: '  wrong answers', value: String(ours.errors), goal: '0', met: ours.errors === 0 },
      { what: '  memory of the web process right after', value: `${(memory['web'] ?? 0).toFixed(1)} MB` },
    ];
  } finally {
    await peer.stop();
  }
}
