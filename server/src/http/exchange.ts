import type { FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../telemetry/logger.ts';
import type { RouteCounts } from '../telemetry/http-metrics.ts';
import { AbortedError } from '../lib/abort.ts';
import type { Edge } from './edge.ts';
import type { Counted } from './rate-limit.ts';
import { givenRequestId } from './request-id.ts';

/** Status that the log and the metrics tell for a client that left before its answer; it never reaches a wire. */
const CLIENT_LEFT = 499;

/** A route as an exchange tells it: its counters and its name in the log. */
export interface RouteLabel {
  readonly template: string;
  readonly counts: (method: string) => RouteCounts;
}

/** One request and its answer: what is known about it, its signal, its line in the log. */
export class Exchange {
  readonly edge: Edge;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
  readonly method: string;
  /** The caller's address; what a proxy says about it counts only where proxies are trusted. */
  readonly address: string;
  /** The host that the caller asked for. */
  readonly host: string | undefined;
  readonly encrypted: boolean;
  counted: Counted | undefined;
  /** `kind` of who asked, for the log. */
  whoKind = 'nobody';
  errorCode: string | undefined;
  /** True for answers that go on until someone ends them; they end when the server stops. */
  endless = false;
  readonly #label: RouteLabel;
  readonly #startedMs: number;
  #controller: AbortController | undefined;
  #log: Logger | undefined;
  #outlivesClient = false;
  #done = false;
  #uploadBytes = 0;

  constructor(edge: Edge, label: RouteLabel, request: FastifyRequest, response: ServerResponse) {
    this.edge = edge;
    this.#label = label;
    this.request = request.raw;
    this.response = response;
    this.id = givenRequestId(request.raw) ?? edge.newRequestId();
    this.method = request.raw.method ?? 'GET';
    this.address = request.ip ?? '';
    this.host = request.host;
    this.encrypted = request.protocol === 'https';
    this.#startedMs = edge.clock.monotonicMs();
    edge.active.add(this);
    edge.metrics.http.active++;
  }

  get log(): Logger {
    return (this.#log ??= this.edge.log.child({ request_id: this.id }));
  }

  /** Ends when the client leaves or the server does. Made when it is first asked for: most reads never need it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.clientLeft) this.#onClose();
      else this.response.once('close', () => this.#onClose());
    }
    return this.#controller.signal;
  }

  get clientLeft(): boolean {
    return this.response.destroyed || this.request.socket.destroyed;
  }

  /** The work goes on when the client leaves: its answer is kept for when the client asks again. */
  outliveClient(): void {
    this.#outlivesClient = true;
  }

  /** Calls the work off. */
  abort(reason: string): void {
    this.#controller?.abort(new AbortedError(new Error(reason)));
  }

  #onClose(): void {
    if (!this.#done && !this.#outlivesClient) this.abort('The client left.');
  }

  /** Counts bytes of an upload that stay in memory until the answer is out. False when the server holds its fill. */
  holdUploadBytes(bytes: number): boolean {
    const { http } = this.edge.metrics;
    if (http.uploadBytes + bytes > this.edge.maxUploadBytes) return false;
    this.#uploadBytes += bytes;
    http.uploadBytes += bytes;
    return true;
  }

  /** Ends the exchange, once: counts it and writes its line. `status` is what was answered. */
  finish(status: number): void {
    if (this.#done) return;
    this.#done = true;
    const { edge } = this;
    edge.active.delete(this);
    edge.metrics.http.active--;
    edge.metrics.http.uploadBytes -= this.#uploadBytes;
    const durationMs = edge.clock.monotonicMs() - this.#startedMs;
    this.#label.counts(this.method).observe(status, durationMs);
    const line = {
      request_id: this.id,
      method: this.method,
      route: this.#label.template,
      status,
      ms: Math.round(durationMs * 100) / 100,
      who: this.whoKind,
      code: this.errorCode,
    };
    edge.log.info(line, 'request');
  }

  /** Ends the exchange of a client that left before its answer. */
  finishLeft(): void {
    this.finish(CLIENT_LEFT);
  }
}
