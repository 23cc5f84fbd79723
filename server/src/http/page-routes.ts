import type { FastifyInstance } from 'fastify';
import { AppError } from '../errors/app-error.ts';
import type { Answer } from '../experiences/experience.ts';
import type { Edge } from './edge.ts';
import { Exchange } from './exchange.ts';
import { register, routeLabel, run } from './route-scope.ts';
import type { WebFiles } from './web-files.ts';

const EVERY_METHOD = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** Paths of machines: what is not there is told as a problem, never as a page. */
const MACHINE_PATH = /^\/(?:api|v1|docs|assets|health|ready|metrics)(?:\/|$)/;

/**
 * Everything that no route answers: files of the pages, the page itself for its own paths, 404 for the rest. A path that
 * no page knows gets the page with status 404, so that a person sees where to go.
 */
export function registerPages(
  fastify: FastifyInstance,
  edge: Edge,
  files: WebFiles,
  pagePaths: readonly string[],
): void {
  const pages = new Set(pagePaths);
  const label = routeLabel(edge, '(pages)');
  const answer = async (exchange: Exchange, path: string): Promise<Answer> => {
    if (edge.stopping) throw new AppError('SHUTTING_DOWN', { retryAfterSeconds: 2 });
    const { method, request } = exchange;
    if ((method === 'GET' || method === 'HEAD') && !path.includes('\0')) {
      if (pages.has(path)) return files.page();
      const file = path === '/index.html' ? null : await files.file(path);
      if (file !== null) return file;
      const wantsPage = request.headers.accept?.includes('text/html') === true && !MACHINE_PATH.test(path);
      if (wantsPage)
        return notFoundPage(
          files,
          [...pages].some((page) => page !== '/' && path.startsWith(`${page}/`)),
        );
    }
    throw new AppError('NOT_FOUND', {
      detail: `There is nothing at ${method} ${JSON.stringify(path.slice(0, 200))}.`,
    });
  };
  register(fastify, EVERY_METHOD, '*', (request, response) => {
    const exchange = new Exchange(edge, label, request, response);
    void run(exchange, {}, () => answer(exchange, (request.params as { readonly '*': string })['*']));
  });
  fastify.setNotFoundHandler((request, reply) => {
    reply.hijack();
    const exchange = new Exchange(edge, label, request, reply.raw);
    void run(exchange, {}, () => answer(exchange, request.raw.url ?? '/'));
  });
}

async function notFoundPage(files: WebFiles, known: boolean): Promise<Answer> {
  const page = await files.page();
  return known || page.status !== 200
    ? page
    : { ...page, status: 404, headers: { 'cache-control': 'no-store' } };
}
