import type { Role } from '@malbeot/protocol';

/** Higher may do what lower may. Cooks and riders stand side by side. */
const ranks: Readonly<Record<Role, number>> = { customer: 0, cook: 1, delivery: 1, manager: 2, admin: 3 };

/** True when `role` is `least` or stands above it. */
export function isAtLeast(role: Role, least: Role): boolean {
  return role === least || ranks[role] > ranks[least];
}

/** True for everybody who works here. */
export function isStaff(role: Role): boolean {
  return ranks[role] > ranks.customer;
}

export function isRole(text: string): text is Role {
  return Object.hasOwn(ranks, text);
}
