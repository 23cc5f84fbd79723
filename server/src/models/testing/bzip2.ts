/**
 * Compresses `data` as bzip2, in blocks of up to 100 kB, with codes of one length: larger than what the program makes, and read
 * by everything that reads bzip2.
 */
export function bzip2(data: Uint8Array): Buffer {
  const out = createBitWriter();
  out.bytes('BZh1');
  let streamCrc = 0;
  for (let start = 0; start < data.length;) {
    const { block, end } = takeBlock(data, start);
    const crc = crcOf(data.subarray(start, end));
    writeBlock(out, block, crc);
    streamCrc = (((streamCrc << 1) | (streamCrc >>> 31)) ^ crc) >>> 0;
    start = end;
  }
  out.bits(0x177245, 24);
  out.bits(0x385090, 24);
  out.bits(streamCrc >>> 16, 16);
  out.bits(streamCrc & 0xffff, 16);
  return out.finish();
}

const BLOCK_BYTES = 99_900;

/** The first pass: four equal bytes are followed by how many more there are. */
function takeBlock(data: Uint8Array, start: number): { block: Uint8Array; end: number } {
  const block: number[] = [];
  let at = start;
  while (at < data.length && block.length < BLOCK_BYTES) {
    const value = data[at]!;
    let run = 1;
    while (run < 255 && data[at + run] === value) run++;
    for (let index = 0; index < Math.min(run, 4); index++) block.push(value);
    if (run >= 4) block.push(run - 4);
    at += run;
  }
  return { block: Uint8Array.from(block), end: at };
}

function writeBlock(out: BitWriter, block: Uint8Array, crc: number): void {
  out.bits(0x314159, 24);
  out.bits(0x265359, 24);
  out.bits(crc >>> 16, 16);
  out.bits(crc & 0xffff, 16);
  out.bits(0, 1);
  const { last, origin } = sortRotations(block);
  out.bits(origin, 24);
  for (let group = 0; group < 17; group++) out.bits(0xffff, 16);
  const symbols = toSymbols(last);
  const selectors = Math.ceil(symbols.length / 50);
  out.bits(2, 3);
  out.bits(selectors, 15);
  for (let index = 0; index < selectors; index++) out.bits(0, 1);
  for (let table = 0; table < 2; table++) {
    out.bits(9, 5);
    for (let symbol = 0; symbol < 258; symbol++) out.bits(0, 1);
  }
  for (const symbol of symbols) out.bits(symbol, 9);
}

function sortRotations(block: Uint8Array): { last: Uint8Array; origin: number } {
  const { length } = block;
  // Ranks of the first 1, 2, 4, 8 … bytes, until all rotations differ or are equal.
  let ranks = Int32Array.from(block);
  const order = Int32Array.from({ length }, (_, index) => index);
  for (let width = 1; ; width *= 2) {
    const ranked = ranks;
    const by = (left: number, right: number) =>
      ranked[left]! - ranked[right]! || ranked[(left + width) % length]! - ranked[(right + width) % length]!;
    order.sort(by);
    const next = new Int32Array(length);
    for (let index = 1; index < length; index++)
      next[order[index]!] = next[order[index - 1]!]! + (by(order[index - 1]!, order[index]!) === 0 ? 0 : 1);
    ranks = next;
    if (width >= length || next[order[length - 1]!] === length - 1) break;
  }
  return {
    last: Uint8Array.from(order, (start) => block[(start + length - 1) % length]!),
    origin: order.indexOf(0),
  };
}

/** Move to front, with runs of zeros as numbers of the digits 1 and 2. */
function toSymbols(last: Uint8Array): number[] {
  const front = Array.from({ length: 256 }, (_, value) => value);
  const symbols: number[] = [];
  let zeros = 0;
  const flush = () => {
    for (let rest = zeros; rest > 0; rest = (rest - 1) >> 1) symbols.push((rest - 1) & 1);
    zeros = 0;
  };
  for (const value of last) {
    const place = front.indexOf(value);
    if (place === 0) {
      zeros++;
      continue;
    }
    flush();
    symbols.push(place + 1);
    front.splice(place, 1);
    front.unshift(value);
  }
  flush();
  symbols.push(257);
  return symbols;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

function crcOf(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const value of data) crc = ((crc << 8) ^ CRC_TABLE[((crc >>> 24) ^ value) & 0xff]!) >>> 0;
  return ~crc >>> 0;
}

type BitWriter = ReturnType<typeof createBitWriter>;

function createBitWriter() {
  const written: number[] = [];
  let pending = 0;
  let count = 0;
  const bits = (value: number, width: number) => {
    for (let bit = width - 1; bit >= 0; bit--) {
      pending = (pending << 1) | ((value >>> bit) & 1);
      if (++count < 8) continue;
      written.push(pending);
      pending = 0;
      count = 0;
    }
  };
  return {
    bits,
    bytes: (text: string) => Buffer.from(text).forEach((value) => bits(value, 8)),
    finish: () => {
      if (count > 0) bits(0, 8 - count);
      return Buffer.from(written);
    },
  };
}
