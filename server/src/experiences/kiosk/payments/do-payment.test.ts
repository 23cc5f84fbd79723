import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../telemetry/logger.ts';
import { shippedMenu, startConversation } from '../testing.ts';
import type { PlacedReply } from '../screen.ts';
import { doPayment } from './do-payment.ts';
import type { Payment } from './payment.ts';
import type { Payments } from './payments.ts';

const broken = () => Promise.reject(new Error('the disk is full'));
const payments: Payments = {
  methods: ['card', 'counter'],
  simulated: false,
  start: broken,
  standing: broken,
  cancel: broken,
  recover: broken,
  quiet: broken,
  close: broken,
};

async function placed(): Promise<PlacedReply> {
  const kiosk = startConversation(shippedMenu());
  kiosk.changePaying({ methods: payments.methods, simulated: false, payment: null });
  await kiosk.say('콜라 하나');
  await kiosk.say('카드로 결제할게요');
  const { state, message, effect } = await kiosk.say('네');
  expect(effect).toMatchObject({ type: 'charge', method: 'card' });
  const order = { ...state.order, orderNumber: 7 };
  return { message, actions: [], state: { ...state, order } };
}

describe('a payment that can not be begun', () => {
  it('leaves the order placed, with its number, and says what to do', async () => {
    const reply = await doPayment(
      { payments, log: silentLogger },
      { type: 'charge', orderId: 'ord_1', method: 'card' },
      'turn 1',
      await placed(),
    );
    expect(reply.message).toBe(
      '주문이 들어갔어요. 주문번호는 7번이에요. 지금은 결제를 시작하지 못했어요. 청구된 금액은 없어요. 다시 해 주시거나 카운터에서 결제해 주세요.',
    );
    expect(reply.actions).toMatchObject([{ type: 'show_error', data: { error_code: 'payment_error' } }]);
  });

  it('is no answer for one that can not be called off: that is an error', async () => {
    const effect = { type: 'cancel-payment', orderId: 'ord_1' } as const;
    await expect(
      doPayment({ payments, log: silentLogger }, effect, 'turn 1', await placed()),
    ).rejects.toThrow('the disk is full');
  });
});

describe('a payment that was made before it could be called off', () => {
  const made: Payment = {
    paymentId: 'pay_1',
    orderId: 'ord_1',
    method: 'card',
    terminal: 'faulty',
    amount: 1_900,
    status: 'approved',
    failure: null,
    approvalCode: 'A-1',
    leaseUntil: 0,
    attempts: 0,
    createdAt: 0,
    updatedAt: 0,
  };

  it.each([
    ['approved', '1,900원 결제가 끝났어요. 주문번호는 7번이에요.'],
    ['reversing', '결제를 취소하고 있어요. 잠시만 기다려 주세요.'],
  ] as const)('is told as it is: %s', async (status, message) => {
    const cancel = () => Promise.resolve({ ...made, status });
    const reply = await doPayment(
      { payments: { ...payments, cancel }, log: silentLogger },
      { type: 'cancel-payment', orderId: 'ord_1' },
      'turn 2',
      { ...(await placed()), message: '결제를 취소하고 있어요. 잠시만 기다려 주세요.' },
    );
    expect(reply.message).toBe(message);
  });
});
