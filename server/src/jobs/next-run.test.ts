import { describe, expect, it } from 'vitest';
import { nextDaily, nextRun } from './next-run.ts';

const at = (text: string) => Date.parse(text);
const show = (time: number) => new Date(time).toISOString();

describe('nextDaily', () => {
  it.each([
    // [time of day, zone, after, next]
    ['03:00', 'Asia/Seoul', '2026-11-21T12:00:00Z', '2026-11-21T18:00:00.000Z'],
    ['03:00', 'Asia/Seoul', '2026-11-21T17:59:59.999Z', '2026-11-21T18:00:00.000Z'],
    ['03:00', 'Asia/Seoul', '2026-11-21T18:00:00Z', '2026-11-22T18:00:00.000Z'],
    ['00:00', 'Asia/Seoul', '2026-12-31T14:59:00Z', '2026-12-31T15:00:00.000Z'],
    ['23:59', 'UTC', '2028-02-28T23:59:30Z', '2028-02-29T23:59:00.000Z'],
    ['06:15', 'Asia/Kathmandu', '2026-06-01T00:29:59Z', '2026-06-01T00:30:00.000Z'],
    ['12:00', 'Pacific/Kiritimati', '2026-06-01T00:00:00Z', '2026-06-01T22:00:00.000Z'],
    ['12:00', 'Pacific/Pago_Pago', '2026-06-01T00:00:00Z', '2026-06-01T23:00:00.000Z'],
    // New York before, on and after the day without 02:00 to 03:00: 8 March 2026.
    ['03:30', 'America/New_York', '2026-03-07T12:00:00Z', '2026-03-08T07:30:00.000Z'],
    ['02:30', 'America/New_York', '2026-03-07T12:00:00Z', '2026-03-08T07:30:00.000Z'],
    ['02:30', 'America/New_York', '2026-03-08T07:30:00Z', '2026-03-09T06:30:00.000Z'],
    ['01:30', 'America/New_York', '2026-03-07T12:00:00Z', '2026-03-08T06:30:00.000Z'],
    // The day with 01:00 to 02:00 twice: 1 November 2026. The first one counts, and the second is no further day.
    ['01:30', 'America/New_York', '2026-11-01T03:00:00Z', '2026-11-01T05:30:00.000Z'],
    ['01:30', 'America/New_York', '2026-11-01T05:30:00Z', '2026-11-02T06:30:00.000Z'],
    ['01:30', 'America/New_York', '2026-11-01T06:10:00Z', '2026-11-02T06:30:00.000Z'],
    // Lord Howe moves by half an hour.
    ['02:15', 'Australia/Lord_Howe', '2026-10-03T12:00:00Z', '2026-10-03T15:45:00.000Z'],
    ['02:00', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00.000Z'],
  ])('%s in %s after %s is %s', (dailyAt, zone, after, next) => {
    expect(show(nextDaily(dailyAt, zone, at(after)))).toBe(next);
  });

  it.each([
    'America/New_York',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'Asia/Seoul',
    'America/Santiago',
    'Africa/Cairo',
  ])('comes once on each of 500 days in %s', (zone) => {
    const odd: string[] = [];
    for (const dailyAt of ['00:00', '01:30', '02:15', '02:30']) {
      let time = nextDaily(dailyAt, zone, at('2025-06-01T00:00:00Z'));
      for (let day = 0; day < 500; day++) {
        const next = nextDaily(dailyAt, zone, time);
        const hours = (next - time) / 3_600_000;
        if (hours < 22.9 || hours > 25.1) odd.push(`${dailyAt} after ${show(time)} is ${show(next)}`);
        time = next;
      }
    }
    expect(odd).toEqual([]);
  });

  it.each(['3:00', '24:00', '12:60', '', 'noon'])('refuses the time of day "%s"', (dailyAt) => {
    expect(() => nextDaily(dailyAt, 'UTC', 0)).toThrow('HH:MM');
  });

  it('refuses a time zone that is none', () => {
    expect(() => nextDaily('03:00', 'Mars/Olympus', 0)).toThrow('Mars/Olympus');
  });
});

describe('nextRun', () => {
  it('keeps its beat and leaves out what was missed', () => {
    const every = { kind: 'sweep', everyMs: 100 };
    expect(nextRun(every, 1000, null)).toBe(1100);
    expect(nextRun(every, 1000, 1000)).toBe(1100);
    expect(nextRun(every, 1003, 1000)).toBe(1100);
    expect(nextRun(every, 1950, 1000)).toBe(2000);
    expect(nextRun(every, 1000, 9_000_000)).toBe(1100);
  });

  it('refuses an interval that is none', () => {
    for (const everyMs of [0, -1, 0.5, Number.NaN])
      expect(() => nextRun({ kind: 'x', everyMs }, 0, null)).toThrow('1 ms or more');
  });
});
