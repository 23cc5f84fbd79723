import { parse } from 'dotenv';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configFiles } from './docs.ts';
import { settingInfo, settingNames, settingsSchema } from './schema.ts';

/** The names of the table in the specification. */
const specified =
  `MALBEOT_PROFILE PORT HOST MALBEOT_DATA DATABASE_URL DB_HOST DB_PORT DB_USER DB_PASSWORD DB_NAME REDIS_URL
  MILVUS_URL MILVUS_HOST MILVUS_PORT MILVUS_COLLECTION EMBEDDING_MODEL STT_ENABLED LLM_ENABLED TTS_ENABLED LOG_LEVEL
  TLS_CERT_FILE TLS_KEY_FILE TRUST_PROXY CORS_ORIGINS ASSET_BASE_URL COMFYUI_URL COMFYUI_PATH COMFYUI_ARGS
  COMFYUI_WORKFLOW RATE_LIMIT CEREBRAS_API_KEY GROQ_API_KEY GEMINI_API_KEY DEEPSEEK_API_KEY OPENAI_API_KEY
  SILICONFLOW_API_KEY AZURE_SPEECH_KEY AZURE_SPEECH_REGION OLLAMA_URL OPENAI_STT_URL OPENAI_STT_KEY OPENAI_STT_MODEL
  OPENAI_TTS_URL OPENAI_TTS_KEY OPENAI_TTS_MODEL OPENAI_IMAGE_URL OPENAI_IMAGE_KEY OPENAI_IMAGE_MODEL MALBEOT_API_KEYS
  MALBEOT_SECRET MALBEOT_ENCRYPTION_KEY BACKUP_AT BACKUP_KEEP ALERT_WEBHOOK_URL SMTP_URL ALERT_EMAIL`.split(
    /\s+/,
  );

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('the files made from the schema', () => {
  it.each(configFiles())('$path is up to date', ({ path, text }) => {
    expect(read(path)).toBe(text);
  });

  it('hold every setting, and every setting that was specified', () => {
    expect(settingNames).toEqual(expect.arrayContaining(specified));
    for (const { text } of configFiles()) {
      for (const name of settingNames) expect(text).toContain(name);
    }
  });

  it('give defaults that the schema accepts', () => {
    const uncommented = read('.env.example').replaceAll(/^# ([A-Z_]+=.*)$/gm, '$1');
    const example = parse(uncommented);
    expect(Object.keys(example)).toHaveLength(settingNames.length);
    for (const name of settingNames) {
      const value = example[name];
      if (value === '' || value === undefined) continue;
      const byDefault = settingsSchema.shape[name].parse(undefined);
      expect([name, settingsSchema.shape[name].parse(value)]).toEqual([name, byDefault]);
    }
  });

  it('have a meaning for each', () => {
    const bare = settingNames.filter((name) => !/^[A-Z`].*\.$/.test(settingInfo(name).meaning));
    expect(bare).toEqual([]);
  });
});
