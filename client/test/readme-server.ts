import type { KioskPayment, OrderData } from '@malbeot/protocol';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { answer, json, startScriptedServer, type ScriptedServer } from './scripted-server.ts';

const order: OrderData = {
  order_id: 'ord_1',
  items: [],
  total_amount: 10_900,
  status: 'confirmed',
  requires_confirmation: false,
  item_count: 0,
  created_at: '',
  updated_at: '',
};

const payment: KioskPayment = {
  payment_id: 'pay_1',
  order_id: 'ord_1',
  order_number: 7,
  status: 'approved',
  method: 'card',
  terminal: 'simulator',
  simulated: true,
  amount: 10_900,
  approval_code: '1234',
  failure: null,
  message: '결제됐어요.',
  tts_audio_url: null,
  receipt: null,
  created_at: '',
  updated_at: '',
};

const menu = { version: 1, currency: 'KRW', categories: [], option_groups: {}, items: [{}, {}, {}] };

export interface ReadmeServer extends ScriptedServer {
  /** What is at `/`, with the files of `folder` beside it. */
  page(html: string, folder: string): void;
}

/** A server that answers what the programs of the README ask, each path in one way. */
export async function startReadmeServer(): Promise<ReadmeServer> {
  const server = await startScriptedServer();
  let html = '';
  let files = '';
  server.otherwise((reply, arrived) => {
    switch (`${arrived.method} ${arrived.path}`) {
      case 'POST /api/voice/process': {
        const isSound = arrived.headers['content-type']?.startsWith('multipart/form-data') === true;
        const said = isSound ? '소리' : (arrived.turn().text ?? '터치');
        const given = {
          message: `들었어요: ${said}`,
          transcript: said,
          tts_audio_url: '/api/voice/tts/vox_1',
        };
        return json(200, answer(given))(reply, arrived);
      }
      case 'GET /api/voice/tts/vox_1':
        return void reply.writeHead(200, { 'content-type': 'audio/wav' }).end('RIFF');
      case 'POST /api/tts/synthesize':
        return void reply
          .writeHead(200, { 'content-type': 'audio/wav', 'x-malbeot-provider': 'espeak' })
          .end('RIFF');
      case 'POST /api/voice/stt':
        return json(200, { transcript: '어서 오세요', language: 'ko', confidence: null, duration: 1 })(
          reply,
          arrived,
        );
      case 'GET /api/kiosk/menu':
        return json(200, menu)(reply, arrived);
      case 'GET /api/kiosk/orders/ord_1':
        return json(200, { order_id: 'ord_1', order_number: 7, order })(reply, arrived);
      case 'POST /api/kiosk/orders/ord_1/payment':
        return json(200, { ...payment, status: 'pending' })(reply, arrived);
      case 'GET /api/kiosk/orders/ord_1/payment':
        return json(200, payment)(reply, arrived);
      case 'DELETE /api/kiosk/sessions/ses_1':
        return void reply.writeHead(204).end();
      case 'GET /':
        return void reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
      default:
        if (/^\/node_modules\/[\w@/-]+\.js$/.test(arrived.path))
          return void reply
            .writeHead(200, { 'content-type': 'text/javascript' })
            .end(readFileSync(join(files, arrived.path)));
        return json(404, { code: 'NOT_FOUND', status: 404 })(reply, arrived);
    }
  });
  return {
    ...server,
    page(given, folder) {
      html = given;
      files = folder;
    },
  };
}
