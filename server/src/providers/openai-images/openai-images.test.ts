import { describe, expect, it } from 'vitest';

import { imageGeneratorSuite } from '../contract/image.suite.ts';
import { providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { faultClock, httpFaults } from '../contract/testing/http-faults.ts';
import { openReplayServer, type Received, type Reply } from '../contract/testing/replay-server.ts';
import { PlainPictures } from '../fake/plain-pictures.ts';
import { fetchPicture } from './fetch-picture.ts';
import { createOpenAiImages, type OpenAiImagesOptions } from './openai-images.ts';
import { readPictureHeader } from './picture-header.ts';
import { nearestSize, sizesOf } from './picture-size.ts';

const KEY = 'sk-very-secret-0123456789';
const request = { prompt: '숲 속의 토끼', width: 64, height: 48 };
const JSON_TYPE = { 'content-type': 'application/json' };

const imagesAt = (url: string | null, options: Partial<OpenAiImagesOptions> = {}) =>
  createOpenAiImages({ url, key: KEY, model: null, clock: faultClock, ...options });

interface Asked {
  readonly model: string;
  readonly prompt: string;
  readonly size: string;
  readonly seed?: number;
  readonly response_format?: string;
}
const askedIn = ({ body }: Received) => JSON.parse(body.toString()) as Asked;

async function pictureFor({ prompt, size, seed = 0 }: Asked): Promise<Buffer> {
  const [width, height] = size.split('x').map(Number) as [number, number];
  const { bytes } = await new PlainPictures().generate({ prompt, width, height, seed }, quiet());
  return Buffer.from(bytes);
}

/** As the API's reference documents an answer with bytes. */
async function draw(received: Received): Promise<Reply> {
  const picture = await pictureFor(askedIn(received));
  const data = [{ b64_json: picture.toString('base64') }];
  return { headers: JSON_TYPE, body: JSON.stringify({ created: 1_713_833_628, data, usage: {} }) };
}

async function withServer(
  answer: (received: Received, origin: string) => Reply | Promise<Reply>,
  check: (url: string, received: readonly Received[]) => Promise<void>,
): Promise<void> {
  let origin = '';
  const server = await openReplayServer((received) => answer(received, origin));
  ({ origin } = server);
  try {
    await check(`${origin}/v1`, server.received);
  } finally {
    await server.close();
  }
}
const answerWith = (entry: unknown): Reply => ({
  headers: JSON_TYPE,
  body: JSON.stringify({ data: [entry] }),
});

imageGeneratorSuite('an image server', {
  async make() {
    const server = await openReplayServer(draw);
    return {
      provider: imagesAt(`${server.origin}/v1`, { model: 'flux' }),
      end: () => server.close(),
    };
  },
});

httpFaults('pictures', {
  use: (url, limits, signal) => imagesAt(url, limits).generate({ ...request, prompt: '비밀이에요' }, signal),
  key: KEY,
  words: '비밀이에요',
  beginning: { headers: JSON_TYPE, body: '{"data": [{"b64_json": "iVBORw0KGgo' },
  endless: 'A'.repeat(512 * 1024),
});

describe('pictures behind the image API', () => {
  it('are asked for in a size that the model knows, and say their own', async () =>
    withServer(draw, async (url, received) => {
      const wide = await imagesAt(url).generate({ ...request, width: 800, height: 450, seed: 3 }, quiet());
      expect(wide).toMatchObject({ mediaType: 'image/png', width: 1_536, height: 1_024 });
      await imagesAt(url, { model: 'flux' }).generate({ ...request, seed: 3 }, quiet());
      expect(received.map(askedIn)).toEqual([
        { model: 'gpt-image-1', prompt: request.prompt, n: 1, size: '1536x1024', seed: 3 },
        {
          model: 'flux',
          prompt: request.prompt,
          n: 1,
          size: '64x48',
          response_format: 'b64_json',
          seed: 3,
        },
      ]);
      expect(received[0]).toMatchObject({ method: 'POST', path: '/v1/images/generations' });
    }));

  it('come by an address where the server gives no bytes, and it is remembered', async () =>
    withServer(
      async (received, origin) => {
        if (received.method === 'GET')
          return { body: await pictureFor({ ...request, model: '', size: '64x48' }) };
        return askedIn(received).response_format === undefined
          ? answerWith({ url: `${origin}/files/1.png?signed=1` })
          : { status: 400, body: '{"error": {"message": "Unknown parameter: response_format"}}' };
      },
      async (url, received) => {
        const images = imagesAt(url, { model: 'flux' });
        for (let turn = 0; turn < 2; turn++) {
          expect(await images.generate(request, quiet())).toMatchObject({ width: 64, height: 48 });
        }
        expect(received.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET', 'POST', 'GET']);
        expect(received[2]).toMatchObject({ path: '/files/1.png?signed=1' });
        expect(received[2]!.headers.authorization).toBeUndefined();
      },
    ));

  it('come in the address itself', async () => {
    const picture = await pictureFor({ ...request, model: '', size: '64x48' });
    await withServer(
      () => answerWith({ url: `data:image/png;base64,${picture.toString('base64')}` }),
      async (url) => {
        expect((await imagesAt(url).generate(request, quiet())).width).toBe(64);
      },
    );
  });

  it('are not fetched from inside a network of ours, nor without HTTPS', async () => {
    const inside = await openReplayServer(() => ({ body: 'secret' }));
    for (const address of [
      inside.origin,
      inside.origin.replace('http:', 'https:'),
      'http://example.com/1.png',
      'https://169.254.169.254/latest/meta-data',
      'https://[::1]/1.png',
      'https://localhost/1.png',
      'https://0x7f000001/1.png',
      'file:///etc/passwd',
      'nothing',
    ]) {
      await withServer(
        () => answerWith({ url: address }),
        async (url) => {
          const error = await providerErrorOf(imagesAt(url).generate(request, quiet()));
          expect(error.kind, address).toBe('failed');
          expect(error.message).not.toContain(address);
        },
      );
    }
    expect(inside.received).toEqual([]);
    await inside.close();
  });

  it.each([
    ['another address', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'failed'],
    ['an error', { status: 500, body: 'no' }, 'failed'],
    ['too much', { body: Buffer.alloc(40_000), then: 'repeat' }, 'failed'],
    ['no picture', { body: '<html></html>' }, 'failed'],
    ['half a picture', { body: Buffer.from([0x89, 0x50, 0x4e, 0x47]), then: 'cut' }, 'unavailable'],
    ['nothing at all', { hangs: true }, 'timeout'],
  ] satisfies [string, Reply, string][])('fail where their address answers with %s', async (_, reply, kind) =>
    withServer(
      ({ method }, origin) => (method === 'GET' ? reply : answerWith({ url: `${origin}/1.png` })),
      async (url, received) => {
        const images = imagesAt(url, {
          mostBytes: 100_000,
          firstByteLimitMs: kind === 'timeout' ? 400 : 5_000,
        });
        expect((await providerErrorOf(images.generate(request, quiet()))).kind).toBe(kind);
        await received[1]?.closed;
      },
    ),
  );

  it('refuse what can not be drawn', async () => {
    for (const change of [
      { prompt: ' ' },
      { prompt: '가'.repeat(32_001) },
      { width: 5_000 },
      { height: 1.5 },
    ]) {
      const error = await providerErrorOf(imagesAt(null).generate({ ...request, ...change }, quiet()));
      expect(error.kind).toBe('invalid_input');
    }
  });

  it('say what they need', () => {
    expect(imagesAt(null, { key: null }).availability()).toMatchObject({ available: false });
    expect(imagesAt(null).info).toMatchObject({ cost: 'paid', local: false, needs: 'OPENAI_API_KEY' });
    expect(imagesAt('http://localhost:7/v1', { key: null }).availability()).toEqual({ available: true });
    expect(imagesAt('http://localhost:7/v1').info).toMatchObject({
      cost: 'free',
      local: true,
      triedWith: 'replay',
    });
  });
});

describe('fetchPicture', () => {
  it('asks no name that leads inside', async () => {
    const work = fetchPicture(
      'https://pictures.example/1.png',
      {
        baseUrl: 'https://api.example/v1',
        mostBytes: 10,
        lookup: (_, __, answer) => answer(new Error('inside'), ''),
      },
      quiet(),
    );
    await expect(work).rejects.toThrow('inside');
  });
});

describe('readPictureHeader', () => {
  const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
  const vp8x = '52494646 00000000 57454250 56503858 0a000000 00000000 3f0000 2f0000';
  const vp8l = '52494646 00000000 57454250 5650384c 00000000 2f 3fc00b00 00';
  const vp8 = '52494646 00000000 57454250 56503820 00000000 000000 9d012a 4000 3000';
  const jpeg = 'ffd8 ffe0 0004 0000 ffff c4 0003 00 ffc2 0011 08 0030 0040 03';
  it.each([
    ['PNG', '89504e470d0a1a0a 0000000d 49484452 00000040 00000030', 'image/png'],
    ['JPEG', jpeg, 'image/jpeg'],
    ['WebP with losses', vp8, 'image/webp'],
    ['WebP without', vp8l, 'image/webp'],
    ['extended WebP', vp8x, 'image/webp'],
  ])('reads %s', (_, bytes, mediaType) => {
    expect(readPictureHeader(hex(bytes))).toEqual({ mediaType, width: 64, height: 48 });
    for (let length = 0; length < 20; length++)
      expect(readPictureHeader(hex(bytes).subarray(0, length))).toBeNull();
  });

  it.each(['', '00', 'ffd8ffda0004', 'ffd8ffd9', '52494646000000005741564500000000', 'ffd8ff'])(
    'refuses %j',
    (bytes) => {
      expect(readPictureHeader(hex(bytes))).toBeNull();
    },
  );
});

describe('nearestSize', () => {
  it.each([
    ['gpt-image-1', [512, 512], [1_024, 1_024]],
    ['gpt-image-1', [1_920, 1_080], [1_536, 1_024]],
    ['gpt-image-1', [900, 1_600], [1_024, 1_536]],
    ['dall-e-3', [1_920, 1_080], [1_792, 1_024]],
    ['dall-e-2', [300, 200], [512, 512]],
    ['dall-e-2', [4_000, 4_000], [1_024, 1_024]],
  ] as const)('of %s for %j is %j', (model, wanted, size) => {
    expect(nearestSize(wanted, sizesOf(model)!)).toEqual(size);
  });

  it('leaves any size to other models', () => {
    expect(sizesOf('black-forest-labs/FLUX.1-schnell')).toBeNull();
  });
});
