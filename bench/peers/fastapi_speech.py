"""What a weekend's server for a voice looks like: FastAPI in front of Debian's espeak-ng, a program for every request.

It does less than Malbeot's door: no loudness, no cache, no chain, no limits, no rights. The comparison is of the wait for the
first sound and of what happens when forty ask at once.
"""

import asyncio

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

app = FastAPI()


class Words(BaseModel):
    text: str = Field(min_length=1, max_length=5000)


@app.get("/fortune")
def ready():
    return {"status": "ok"}


@app.post("/synthesize")
async def synthesize(words: Words):
    program = await asyncio.create_subprocess_exec(
        "espeak-ng", "-v", "ko", "--stdout", words.text, stdout=asyncio.subprocess.PIPE
    )

    async def sound():
        while piece := await program.stdout.read(8192):
            yield piece
        await program.wait()

    return StreamingResponse(sound(), media_type="audio/wav")
