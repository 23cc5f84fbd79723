import type { Refusal } from '../spec/http-failures.ts';
import type { ChatRequest } from '../spec/llm.ts';

/** What a server of this API takes: they differ in details, and a refusal tells which. */
export interface Abilities {
  /** How it can be held to a schema; `none`: by words only. */
  readonly format: 'json_schema' | 'json_object' | 'none';
  readonly lengthField: 'max_tokens' | 'max_completion_tokens';
  readonly temperature: boolean;
}

export const allAbilities: Abilities = {
  format: 'json_schema',
  lengthField: 'max_tokens',
  temperature: true,
};

/** What the server takes after it refused a request; null when the refusal is about something else. */
export function lessAfter(abilities: Abilities, { status, text }: Refusal): Abilities | null {
  if (status !== 400 && status !== 422) return null;
  if (abilities.lengthField === 'max_tokens' && text.includes('max_completion_tokens')) {
    return { ...abilities, lengthField: 'max_completion_tokens' };
  }
  if (abilities.format !== 'none' && /response_?format|json_?schema|json_object|json mode/i.test(text)) {
    return { ...abilities, format: abilities.format === 'json_schema' ? 'json_object' : 'none' };
  }
  if (abilities.temperature && /temperature/i.test(text)) return { ...abilities, temperature: false };
  return null;
}

/** The request as the server takes it. */
export function requestBody(request: ChatRequest, model: string, abilities: Abilities): string {
  const { messages, responseSchema, temperature, maxTokens } = request;
  const byWords = responseSchema !== undefined && abilities.format !== 'json_schema';
  return JSON.stringify({
    model,
    stream: true,
    messages: byWords ? [schemaInWords(responseSchema), ...messages] : messages,
    ...(temperature === undefined || !abilities.temperature ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { [abilities.lengthField]: maxTokens }),
    ...(responseSchema === undefined ? {} : responseFormat(responseSchema, abilities.format)),
  });
}

function schemaInWords(schema: Readonly<Record<string, unknown>>) {
  const content = `Answer with one JSON object and nothing else. It fits this JSON schema: ${JSON.stringify(schema)}`;
  return { role: 'system', content };
}

function responseFormat(schema: Readonly<Record<string, unknown>>, format: Abilities['format']) {
  switch (format) {
    case 'json_schema':
      return {
        response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
      };
    case 'json_object':
      return { response_format: { type: 'json_object' } };
    case 'none':
      return {};
  }
}
