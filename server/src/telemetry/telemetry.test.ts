import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';
import { createLogger } from './pino-logger.ts';
import { recordTurn } from './record-turn.ts';
import { createTurnSpan } from './turn-span.ts';

function collect() {
  const lines: Record<string, unknown>[] = [];
  return {
    lines,
    destination: { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  };
}

describe('createLogger', () => {
  it('writes one JSON object a line, with the fields of its children, hidden where they must be', () => {
    const { lines, destination } = collect();
    const log = createLogger({ destination, fields: { part: 'web' } });
    log
      .child({ request_id: 'req_1', token: 'secret' })
      .warn({ text: '불고기버거', code: 'X' }, 'a request was refused');
    expect(lines).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        part: 'web',
        request_id: 'req_1',
        token: '[hidden]',
        text: '[hidden]',
        code: 'X',
        msg: 'a request was refused',
      },
    ]);
  });

  it('leaves out what is below its level', () => {
    const { lines, destination } = collect();
    const log = createLogger({ destination, level: 'warn' });
    log.info({}, 'no');
    log.error({ err: new Error('broken') }, 'yes');
    expect(lines.map(({ msg }) => msg)).toEqual(['yes']);
  });

  it('loses no line when the process ends', () => {
    const folder = mkdtempSync(join(tmpdir(), 'malbeot-log-'));
    const file = join(folder, 'log.txt');
    const script = `import { createLogger } from ${JSON.stringify(new URL('./pino-logger.ts', import.meta.url).href)};
      const log = createLogger({ destination: ${JSON.stringify(file)} });
      for (let n = 0; n < 1000; n++) log.info({ n }, 'line');
      setTimeout(() => process.exit(0), 20);`;
    execFileSync(
      process.execPath,
      ['--conditions=malbeot:source', '--import', 'tsx', '--input-type=module', '-e', script],
      {
        cwd: new URL('../../..', import.meta.url),
      },
    );
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(1000);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ n: 999 });
    rmSync(folder, { recursive: true });
  });
});

describe('createMetrics', () => {
  it('counts requests by route, method and class of status', async () => {
    const metrics = createMetrics();
    const counts = metrics.http.route('GET', '/api/kiosk/menu');
    counts.observe(200, 0.4);
    counts.observe(200, 3);
    counts.observe(404, 60_000);
    expect(metrics.http.route('GET', '/api/kiosk/menu')).toBe(counts);
    const text = await metrics.render();
    const labels = 'route="/api/kiosk/menu",method="GET"';
    expect(text).toContain(`malbeot_http_requests_total{${labels},status="2xx"} 2`);
    expect(text).toContain(`malbeot_http_requests_total{${labels},status="4xx"} 1`);
    expect(text).toContain(
      `malbeot_http_request_duration_seconds_bucket{${labels},status="2xx",le="0.0005"} 1`,
    );
    expect(text).toContain(
      `malbeot_http_request_duration_seconds_bucket{${labels},status="2xx",le="0.005"} 2`,
    );
    expect(text).toContain(`malbeot_http_request_duration_seconds_bucket{${labels},status="4xx",le="30"} 0`);
    expect(text).toContain(
      `malbeot_http_request_duration_seconds_bucket{${labels},status="4xx",le="+Inf"} 1`,
    );
    expect(text).toContain(`malbeot_http_request_duration_seconds_sum{${labels},status="2xx"} 0.0034`);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    metrics.close();
  });

  it('reads gauges and totals when it is asked', async () => {
    const metrics = createMetrics();
    let events = 3;
    metrics.total('malbeot_hub_events_total', 'Events.', () => events);
    metrics.gauge('malbeot_hub_connections', 'Readers.', () => events * 2);
    await metrics.render();
    events = 5;
    const text = await metrics.render();
    expect(text).toContain('malbeot_hub_events_total 5');
    expect(text).toContain('malbeot_hub_connections 10');
    metrics.close();
  });

  it('tells how providers stand when it is asked, and who took over', async () => {
    const metrics = createMetrics();
    let circuit: 'closed' | 'open' = 'closed';
    metrics.providerStandings(() => [
      { kind: 'tts', provider: 'edge_tts', available: true, circuit, limitsMs: { first_output: 250 } },
    ]);
    metrics.providerTakenOver('tts', 'edge_tts', 'espeak');
    await metrics.render();
    circuit = 'open';
    const text = await metrics.render();
    expect(text).toContain('malbeot_provider_circuit_state{kind="tts",provider="edge_tts"} 2');
    expect(text).toContain('malbeot_provider_available{kind="tts",provider="edge_tts"} 1');
    expect(text).toContain(
      'malbeot_provider_limit_seconds{kind="tts",provider="edge_tts",stage="first_output"} 0.25',
    );
    expect(text).toContain('malbeot_provider_takeovers_total{kind="tts",from="edge_tts",to="espeak"} 1');
    metrics.close();
  });

  it('counts calls, waits, statements and caches', async () => {
    const metrics = createMetrics();
    metrics.providerCall({ kind: 'stt', provider: 'demo_ear', outcome: 'ok', durationMs: 20 });
    metrics.providerSkipped('stt', 'sherpa', 'cannot_run');
    metrics.query({ durationMs: 1, failed: true });
    metrics.writeWait(3);
    metrics.cacheRead('voice', true);
    metrics.rateLimited('turns');
    const text = await metrics.render();
    expect(text).toContain('malbeot_provider_calls_total{kind="stt",provider="demo_ear",outcome="ok"} 1');
    expect(text).toContain(
      'malbeot_provider_skips_total{kind="stt",provider="sherpa",reason="cannot_run"} 1',
    );
    expect(text).toContain('malbeot_database_query_duration_seconds_count{outcome="failed"} 1');
    expect(text).toContain('malbeot_database_write_wait_seconds_count 1');
    expect(text).toContain('malbeot_cache_reads_total{cache="voice",result="hit"} 1');
    expect(text).toContain('malbeot_rate_limited_total{limit="turns"} 1');
    metrics.close();
  });
});

describe('recordTurn', () => {
  it('writes one line without words and counts every stage', async () => {
    const { lines, destination } = collect();
    const metrics = createMetrics();
    let nowMs = 0;
    const span = createTurnSpan({ now: () => 0, monotonicMs: () => nowMs });
    span.add('ears', 40);
    nowMs = 60;
    const record = {
      turnId: 'trn_1',
      requestId: 'req_1',
      sessionId: 'ses_1',
      experience: 'kiosk',
      way: 'audio',
      outcome: 'ok',
      language: 'ko',
      providers: { ears: 'demo_ear', mind: 'rules' },
      confidence: 0.9,
    };
    recordTurn(createLogger({ destination }), metrics, record, span);
    expect(lines).toMatchObject([
      { msg: 'turn', turn_id: 'trn_1', providers: { ears: 'demo_ear' }, stages_ms: { ears: 40, total: 60 } },
    ]);
    const text = await metrics.render();
    expect(text).toContain('malbeot_turns_total{experience="kiosk",way="audio",outcome="ok"} 1');
    expect(text).toContain('malbeot_turn_stage_seconds_sum{experience="kiosk",stage="ears"} 0.04');
    metrics.close();
  });
});
