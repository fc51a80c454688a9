"""Configurations of released checkpoints, as their libraries take them: the one place for them.
The other systems read it, too.
"""

# Classes of transformers, as config.json of the released checkpoints has them.

LANGUAGE = {
    "num_latents": 256,
    "d_latents": 1280,
    "d_model": 768,
    "num_self_attends_per_block": 26,
    "qk_channels": 256,
    "v_channels": 1280,
}
VISION = {
    "num_latents": 512,
    "d_latents": 1024,
    "num_blocks": 8,
    "num_self_attends_per_block": 6,
    "num_cross_attention_heads": 1,
    "num_labels": 1000,
    "image_size": 224,
}
VISION_FOURIER = {**VISION, "d_model": 261}
FLOW = {
    "num_latents": 2048,
    "d_latents": 512,
    "d_model": 322,
    "num_self_attends_per_block": 24,
    "num_self_attention_heads": 16,
    "num_cross_attention_heads": 1,
}
MULTIMODAL = {
    "num_latents": 784,
    "d_latents": 512,
    "d_model": 704,
    "num_self_attends_per_block": 8,
    "num_cross_attention_heads": 1,
    "num_labels": 700,
}

# perceiver-pytorch's Perceiver with the sizes of its README, untied.

PERCEIVER = {
    "num_freq_bands": 6,
    "depth": 6,
    "max_freq": 10.0,
    "num_latents": 256,
    "latent_dim": 512,
    "cross_heads": 1,
    "latent_heads": 8,
    "cross_dim_head": 64,
    "latent_dim_head": 64,
    "num_classes": 1000,
}
