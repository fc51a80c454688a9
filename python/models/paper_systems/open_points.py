"""What the papers leave open, and what was chosen: said at the top of descriptions."""

SHARED = (
    "Which weights are shared: the first cross-attention has its own, the others have the same, "
    "and so have all latent transformers. Only that makes 44.9 million parameters."
)
ONCE = "How often the inputs are read: once, then 48 layers, of which 6 are different."
ORDER_OF_PIXELS = "How pixels are permuted: that is an input, and so is which of them there are."
AUDIO_POSITIONS = (
    "The positions of audio: 64 bands, up to half the number of samples, as DeepMind's code has it "
    "for audio. The number of parameters fits."
)
MEL_POSITIONS = (
    "The grid of the spectrogram: 60 times and 80 frequencies, which make the paper's 4,800 "
    "numbers, each a row. Its positions: 64 bands, which parameters and FLOPs fit."
)
VIDEO_POSITIONS = (
    "The positions of video: 16 bands, for which the paper's rows of 487 channels have room beside "
    "the 384 of a block and 4 that are learned."
)
ORDER = "The order of the modalities: alphabetical, as in DeepMind's code. It changes nothing."
AUDIOSET_LATENTS = "The width of the latents: 1,024, as on ImageNet."
SETTINGS_OF_IMAGENET = (
    "Latents, layers and sharing: those of ImageNet, as the paper says of its settings. Both "
    "cross-attentions have weights of their own."
)
NO_RESIDUAL = (
    "Whether the query is added to what it reads: not here, as in DeepMind's code. Hugging Face's "
    "model adds it."
)
RESIDUAL = "Whether the query is added to what it reads: yes, as on ImageNet; it has 1 head."
HEADS = "The heads of self-attention: 8, as on ImageNet."
FEWER = "Parameters: the paper has 88.2 million, and does not say where 1.6 million more are."
TEXT_DECODER = (
    "The decoder: heads and widths of that of the masked language model, which does not add the "
    "query to what it reads."
)
TWO_CLASSES = "Classes: 2, as most tasks have."
NOTHING_TO_READ = "Texts of which all is masked: their latents read nothing, as in DeepMind's code."

HEADS_OF_PIECES = "Heads and widths of attention: those of the model of bytes."
WIDTHS_OF_PLUS = (
    "Heads and widths of attention: 8 heads, queries and keys of 256 channels as in the model of "
    "bytes. Only these make 425 million parameters."
)
ALL_MASKED = (
    "Masks: they hide tokens from the latents and say nothing of the queries, so that places where "
    "nothing stands have logits, too."
)
