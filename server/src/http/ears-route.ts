import type { RouteDefinition } from '../experiences/experience.ts';
import type { EarCatalogue } from '../speech/ear-catalogue.ts';
import { earsAnswer } from './tts-schemas.ts';

/**
 * `GET /api/stt/providers`: every kind of ears, and whether pages may listen by themselves. Open to all, because a page has to
 * know before anybody signs in.
 */
export function earsRoute(catalogue: EarCatalogue): RouteDefinition {
  return {
    method: 'GET',
    path: '/api/stt/providers',
    summary: 'Every kind of ears that this server knows: whether they can hear here, and what they need',
    tag: 'voice',
    access: 'open',
    limit: 'reads',
    responses: { 200: { description: 'In order of preference', schema: earsAnswer } },
    handle: () => ({ status: 200, body: { type: 'json', value: catalogue.list() } }),
  };
}
