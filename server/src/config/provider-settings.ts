import { onOff, plainText, url } from './fields.ts';
import { optional, withDefault } from './setting.ts';

const web = () => url('http', 'https');

const cloudKey = (meaning: string) =>
  optional(plainText(8, 400), { section: 'providers', meaning, secret: 'whole' });
const providerUrl = (meaning: string) => optional(web(), { section: 'providers', meaning, secret: 'url' });
const modelName = (meaning: string, defaultText: string) =>
  optional(plainText(1, 200), { section: 'providers', meaning, defaultText });
/** What a cloud gets to see when its part is turned on. */
const TEXT_SENT = 'Every text to be spoken goes there.';
const SOUND_SENT = 'What people say goes there as sound.';
/** What leaves the machine, said with everything that lets it. */
const SENT =
  'What the rules of the kiosk do not understand goes there: the words, the menu without prices, the order and the question just asked; nothing else.';
const mindKey = (meaning: string) =>
  optional(plainText(8, 400), { section: 'providers', meaning, secret: 'whole' });
const mindUrl = (meaning: string, defaultText: string) =>
  optional(web(), {
    section: 'providers',
    meaning,
    defaultText: `its own: \`${defaultText}\``,
    secret: 'url',
  });
const mindModel = (id: string, ...models: readonly string[]) =>
  optional(plainText(1, 200), {
    section: 'providers',
    meaning: `Model of \`${id}\`.`,
    defaultText: `the first that it has of ${models.map((model) => `\`${model}\``).join(', ')}`,
  });

/** Settings of minds, ears, voices and pictures that live in a cloud or on another server. */
export const providerSettings = {
  CEREBRAS_API_KEY: mindKey(`Turns on \`cerebras_llm\`. ${SENT}`),
  CEREBRAS_URL: mindUrl('Address of `cerebras_llm`.', 'https://api.cerebras.ai/v1'),
  CEREBRAS_MODEL: mindModel('cerebras_llm', 'llama3.1-8b', 'llama3.1-70b'),
  GROQ_API_KEY: mindKey(`Turns on \`groq_llm\`. ${SENT}`),
  GROQ_URL: mindUrl('Address of `groq_llm`.', 'https://api.groq.com/openai/v1'),
  GROQ_MODEL: mindModel('groq_llm', 'llama-3.3-70b-versatile', 'mixtral-8x7b-32768'),
  GEMINI_API_KEY: mindKey(`Turns on \`gemini_llm\`. ${SENT}`),
  GEMINI_URL: mindUrl('Address of `gemini_llm`.', 'https://generativelanguage.googleapis.com/v1beta/openai'),
  GEMINI_MODEL: mindModel('gemini_llm', 'gemini-1.5-flash', 'gemini-1.5-pro'),
  DEEPSEEK_API_KEY: mindKey(`Turns on \`deepseek_llm\`. ${SENT}`),
  DEEPSEEK_URL: mindUrl('Address of `deepseek_llm`.', 'https://api.deepseek.com/v1'),
  DEEPSEEK_MODEL: mindModel('deepseek_llm', 'deepseek-chat', 'deepseek-coder'),
  OPENAI_API_KEY: mindKey(
    `Turns on \`openai_llm\`, the ears \`openai\`, \`openai_tts\` and \`openai_image\`. ${SENT} ${SOUND_SENT} ${TEXT_SENT}`,
  ),
  OPENAI_LLM_URL: mindUrl(
    `Mind: any server with OpenAI's chat completions API in place of OpenAI's own, such as llama.cpp or vLLM; turns on \`openai_llm\` without \`OPENAI_API_KEY\`, which is not sent there. ${SENT}`,
    'https://api.openai.com/v1',
  ),
  OPENAI_LLM_KEY: mindKey('Key for `OPENAI_LLM_URL`, where it wants one.'),
  OPENAI_LLM_MODEL: mindModel('openai_llm', 'gpt-4o-mini', 'gpt-4o'),
  EDGE_TTS: withDefault(onOff(), false, {
    section: 'providers',
    meaning: `An explicit yes to \`edge_tts\`: voices of Microsoft's browser, free, without a contract. ${TEXT_SENT}`,
  }),
  EDGE_TTS_VOICE: withDefault(plainText(1, 200), 'ko-KR-SunHiNeural', {
    section: 'providers',
    meaning: 'Voice of `edge_tts`.',
  }),
  SILICONFLOW_API_KEY: cloudKey(`Turns on \`siliconflow_tts\`. ${TEXT_SENT}`),
  SILICONFLOW_URL: mindUrl('Address of `siliconflow_tts`.', 'https://api.siliconflow.cn/v1'),
  SILICONFLOW_MODEL: withDefault(plainText(1, 200), 'FunAudioLLM/CosyVoice2-0.5B', {
    section: 'providers',
    meaning: 'Model of `siliconflow_tts`.',
  }),
  SILICONFLOW_VOICE: withDefault(plainText(1, 200), 'FunAudioLLM/CosyVoice2-0.5B:anna', {
    section: 'providers',
    meaning: 'Voice of `siliconflow_tts`.',
  }),
  AZURE_SPEECH_KEY: cloudKey(`Turns on \`azure_tts\`, together with its region. ${TEXT_SENT}`),
  AZURE_SPEECH_REGION: optional(plainText(1, 60), {
    section: 'providers',
    meaning: 'Region of `AZURE_SPEECH_KEY`, such as koreacentral.',
  }),
  AZURE_TTS_VOICE: withDefault(plainText(1, 200), 'ko-KR-SunHiNeural', {
    section: 'providers',
    meaning: 'Voice of `azure_tts`.',
  }),
  OLLAMA_URL: mindUrl(
    `Ollama, where it does not run on its usual address; turns on \`ollama_llm\`. Without it, Ollama is looked for once at the start, on this machine only. ${SENT}`,
    'http://localhost:11434/v1',
  ),
  OLLAMA_MODEL: mindModel('ollama_llm', 'qwen2.5:7b', 'llama3.2:3b'),
  OPENAI_STT_URL: providerUrl(
    `Ears: any server with OpenAI's transcription API in place of OpenAI's own, such as Groq or a local one; turns on \`openai\` without \`OPENAI_API_KEY\`, which is not sent there. ${SOUND_SENT}`,
  ),
  OPENAI_STT_KEY: cloudKey('Key for `OPENAI_STT_URL`, where it wants one.'),
  OPENAI_STT_MODEL: modelName(
    'Model of the ears `openai`.',
    '`gpt-4o-mini-transcribe`; `whisper-1` at another server',
  ),
  OPENAI_TTS_URL: providerUrl(
    `Voice: any server with OpenAI's speech API in place of OpenAI's own; turns on \`openai_tts\` without \`OPENAI_API_KEY\`, which is not sent there. ${TEXT_SENT}`,
  ),
  OPENAI_TTS_KEY: cloudKey('Key for `OPENAI_TTS_URL`, where it wants one.'),
  OPENAI_TTS_MODEL: modelName('Model of `openai_tts`.', 'its own: `tts-1`'),
  OPENAI_TTS_VOICE: withDefault(plainText(1, 200), 'alloy', {
    section: 'providers',
    meaning: 'Voice of `openai_tts`.',
  }),
  OPENAI_TTS_REFERENCE: withDefault(onOff(), false, {
    section: 'providers',
    meaning:
      'Whether the server at `OPENAI_TTS_URL` makes a voice from a recording (`references` in the request, as SiliconFlow and CosyVoice servers take it).',
  }),
  OPENAI_IMAGE_URL: providerUrl(
    "Pictures: any server with OpenAI's image API in place of OpenAI's own; turns on `openai_image` without `OPENAI_API_KEY`, which is not sent there.",
  ),
  OPENAI_IMAGE_KEY: cloudKey('Key for `OPENAI_IMAGE_URL`, where it wants one.'),
  OPENAI_IMAGE_MODEL: modelName('Model of `openai_image`.', 'its own: `gpt-image-1`'),
} as const;
